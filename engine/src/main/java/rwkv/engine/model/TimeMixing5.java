package rwkv.engine.model;

import static rwkv.engine.backend.Activation.SILU;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Time mixing of RWKV-5 "Eagle" (Peng et al. 2024, arXiv:2404.05892), one line per equation.
 *
 * <p>The state of a head is S [key dim, value dim]. Each token reads it along r, its own k vᵀ
 * counting with the bonus u, and then decays it per key channel by w and adds k vᵀ. Version 5.0 has
 * no gate; 5.0 and 5.1 learn one decay and one bonus for a whole head.
 */
final class TimeMixing5 {

  /** The gate of 5.1 and 5.2: silu(G x_g). */
  record Gate(Buffer xg, Matrix weight) {}

  /**
   * The tensors of one layer's time mixing.
   *
   * @param xr how much of the previous token is mixed in: 1 − time_mix_r
   * @param w decay as a factor per token, exp(−exp(time_decay)), one row
   * @param u bonus, one row
   * @param eps of the group norm
   */
  record Weights(
      int heads,
      Buffer xr,
      Buffer xk,
      Buffer xv,
      @Nullable Gate gate,
      Buffer w,
      Buffer u,
      Matrix receptance,
      Matrix key,
      Matrix value,
      Projection output,
      Rwkv.Normalisation lnX,
      float eps) {}

  private final Kernels k;
  private final int layer;
  private final Weights p;

  TimeMixing5(Kernels kernels, int layer, Weights weights) {
    this.k = kernels;
    this.layer = layer;
    this.p = weights;
  }

  void forward(Buffer out, Buffer z, Buffer shift, Buffer state, Buffers5 b, Trace trace) {
    trace.at(layer, Site.TIME_MIX_INPUT, z);
    k.tokenShift(b.delta(), z, shift);

    k.mix(b.x(), z, b.delta(), p.xr);
    trace.at(layer, Site.SHIFTED_R, b.x());
    k.matmul(b.r(), b.x(), p.receptance);
    trace.at(layer, Site.R, b.r());

    k.mix(b.x(), z, b.delta(), p.xk);
    trace.at(layer, Site.SHIFTED_K, b.x());
    k.matmul(b.k(), b.x(), p.key);
    trace.at(layer, Site.K, b.k());

    k.mix(b.x(), z, b.delta(), p.xv);
    trace.at(layer, Site.SHIFTED_V, b.x());
    k.matmul(b.v(), b.x(), p.value);
    trace.at(layer, Site.V, b.v());

    trace.at(layer, Site.W, p.w);
    k.wkv6(b.y(), state, b.r(), p.w, b.k(), b.v(), p.u, p.heads);
    trace.at(layer, Site.WKV_STATE, state);
    trace.at(layer, Site.WKV_OUTPUT, b.y());

    k.groupNorm(b.y(), b.y(), p.lnX.weight(), p.lnX.bias(), p.heads, p.eps);
    if (p.gate != null) {
      k.mix(b.x(), z, b.delta(), p.gate.xg);
      trace.at(layer, Site.SHIFTED_G, b.x());
      k.matmul(b.g(), b.x(), p.gate.weight);
      k.activate(b.g(), b.g(), SILU);
      trace.at(layer, Site.G, b.g());
      k.multiply(b.y(), b.y(), b.g());
    }
    p.output.forward(k, out, b.y());
  }
}
