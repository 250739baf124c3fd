package rwkv.engine.model;

import static rwkv.engine.backend.Activation.IDENTITY;
import static rwkv.engine.backend.Activation.SIGMOID;
import static rwkv.engine.backend.Activation.TANH;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Time mixing of RWKV-7 "Goose" (Peng et al. 2025, arXiv:2503.14456), one line per equation.
 *
 * <p>The state of a head is S [value dim, key dim]. Each token decays it per key channel by w,
 * removes along κ̂ at the in-context learning rate a, writes v kᵀ, and is read out along r.
 */
final class TimeMixing7 {

  /**
   * The group norm's epsilon: 1e-5 for a head's output divided by 8, as the models were trained.
   */
  private static final float GROUP_NORM_EPS = 64e-5f;

  /** A low-rank projection x ↦ f(x · down) · up, with a bias where the model has one. */
  record LowRank(Matrix down, Matrix up, @Nullable Buffer bias) {
    int rank() {
      return down.out();
    }
  }

  /** The tensors of one layer's time mixing, named as in the checkpoint. */
  record Weights(
      int heads,
      Buffer xr,
      Buffer xw,
      Buffer xk,
      Buffer xv,
      Buffer xa,
      Buffer xg,
      Matrix receptance,
      Matrix key,
      Matrix value,
      Matrix output,
      LowRank w,
      LowRank a,
      LowRank g,
      @Nullable LowRank v,
      Buffer kk,
      Buffer ka,
      Buffer rk,
      Rwkv.Normalisation lnX) {}

  private final Kernels k;
  private final int layer;
  private final Weights p;

  TimeMixing7(Kernels kernels, int layer, Weights weights) {
    this.k = kernels;
    this.layer = layer;
    this.p = weights;
  }

  /** The ranks of its low-rank projections. */
  Stream<Integer> ranks() {
    return Stream.of(p.w, p.a, p.g, p.v).filter(Objects::nonNull).map(LowRank::rank);
  }

  void forward(Buffer out, Buffer z, Buffer shift, Buffer state, Buffers7 b, Trace trace) {
    trace.at(layer, Site.TIME_MIX_INPUT, z);
    k.tokenShift(b.delta(), z, shift);

    k.mix(b.x(), z, b.delta(), p.xr);
    trace.at(layer, Site.SHIFTED_R, b.x());
    k.matmul(b.r(), b.x(), p.receptance);
    trace.at(layer, Site.R, b.r());

    k.mix(b.x(), z, b.delta(), p.xw);
    trace.at(layer, Site.SHIFTED_W, b.x());
    lowRank(b.w(), b, b.x(), p.w, TANH);
    k.decay7(b.w(), b.w());
    trace.at(layer, Site.W, b.w());

    k.mix(b.x(), z, b.delta(), p.xk);
    trace.at(layer, Site.SHIFTED_K, b.x());
    k.matmul(b.k(), b.x(), p.key);

    k.mix(b.x(), z, b.delta(), p.xv);
    trace.at(layer, Site.SHIFTED_V, b.x());
    k.matmul(b.v(), b.x(), p.value);
    valueResidual(b, trace);
    trace.at(layer, Site.V, b.v());

    k.mix(b.x(), z, b.delta(), p.xa);
    trace.at(layer, Site.SHIFTED_A, b.x());
    lowRank(b.a(), b, b.x(), p.a, IDENTITY);
    k.activate(b.a(), b.a(), SIGMOID);
    trace.at(layer, Site.A, b.a());

    k.mix(b.x(), z, b.delta(), p.xg);
    trace.at(layer, Site.SHIFTED_G, b.x());
    lowRank(b.g(), b, b.x(), p.g, SIGMOID);
    trace.at(layer, Site.G, b.g());

    k.removalKey7(b.kk(), b.k(), p.kk, p.heads);
    trace.at(layer, Site.KK, b.kk());
    k.replacementKey7(b.k(), b.k(), b.a(), p.ka);
    trace.at(layer, Site.K, b.k());

    k.wkv7(b.y(), state, b.r(), b.w(), b.k(), b.v(), b.kk(), b.a(), p.heads);
    trace.at(layer, Site.WKV_STATE, state);
    trace.at(layer, Site.WKV_OUTPUT, b.y());

    k.groupNorm(b.y(), b.y(), p.lnX.weight(), p.lnX.bias(), p.heads, GROUP_NORM_EPS);
    k.bonus7(b.y(), b.y(), b.r(), b.k(), p.rk, b.v(), p.heads);
    k.multiply(b.y(), b.y(), b.g());
    k.matmul(out, b.y(), p.output);
  }

  /** Layer 0 keeps its values for the layers above, which mix them into theirs. */
  private void valueResidual(Buffers7 b, Trace trace) {
    if (p.v == null) {
      k.copy(b.firstV(), b.v());
    } else {
      lowRank(b.gate(), b, b.x(), p.v, IDENTITY);
      k.activate(b.gate(), b.gate(), SIGMOID);
      trace.at(layer, Site.VALUE_GATE, b.gate());
      k.lerp(b.v(), b.v(), b.firstV(), b.gate());
    }
  }

  private void lowRank(Buffer out, Buffers7 b, Buffer x, LowRank projection, Activation f) {
    k.lowRank(out, b.hidden(projection.rank()), x, projection.down, f, projection.up);
    if (projection.bias != null) {
      k.add(out, out, projection.bias);
    }
  }
}
