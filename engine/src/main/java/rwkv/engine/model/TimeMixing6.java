package rwkv.engine.model;

import static rwkv.engine.backend.Activation.SILU;
import static rwkv.engine.backend.Activation.TANH;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Time mixing of RWKV-6 "Finch" (Peng et al. 2024, arXiv:2404.05892), one line per equation.
 *
 * <p>RWKV-5's state and recurrence; what is new depends on the token: how much of the previous
 * token is mixed in, and the decay of every key channel.
 */
final class TimeMixing6 {

  /** The group norm's epsilon: 1e-5 for a head's output divided by 8, as models were trained. */
  private static final float GROUP_NORM_EPS = 64e-5f;

  /**
   * How much of the previous token is mixed in: base + h up, where h is one of the five parts of
   * tanh((z + δ ∘ x) down).
   */
  record Mixing(Buffer base, Matrix up) {}

  /**
   * The tensors of one layer's time mixing.
   *
   * @param x mixes the input of the mixing projections
   * @param down of all five of them: {@code [5 · rank, channels]}
   * @param decay what the low-rank projection {@code decayDown, decayUp} is added to
   * @param u bonus, one row
   */
  record Weights(
      int heads,
      Buffer x,
      Matrix down,
      Mixing xw,
      Mixing xk,
      Mixing xv,
      Mixing xr,
      Mixing xg,
      Buffer decay,
      Matrix decayDown,
      Matrix decayUp,
      Buffer u,
      Matrix receptance,
      Matrix key,
      Matrix value,
      Matrix gate,
      Projection output,
      Rwkv.Normalisation lnX) {}

  private final Kernels k;
  private final int layer;
  private final Weights p;

  TimeMixing6(Kernels kernels, int layer, Weights weights) {
    this.k = kernels;
    this.layer = layer;
    this.p = weights;
  }

  void forward(Buffer out, Buffer z, Buffer shift, Buffer state, Buffers6 b, Trace trace) {
    trace.at(layer, Site.TIME_MIX_INPUT, z);
    k.tokenShift(b.delta(), z, shift);
    Buffer hidden = b.mixHidden(p.down.out());
    k.mix(b.x(), z, b.delta(), p.x);
    k.matmul(hidden, b.x(), p.down);
    k.activate(hidden, hidden, TANH);

    mix(b, z, hidden, 0, p.xw);
    trace.at(layer, Site.SHIFTED_W, b.x());
    k.lowRank(b.w(), b.hidden(p.decayDown.out()), b.x(), p.decayDown, TANH, p.decayUp);
    k.add(b.w(), b.w(), p.decay);
    k.decay6(b.w(), b.w());
    trace.at(layer, Site.W, b.w());

    mix(b, z, hidden, 1, p.xk);
    trace.at(layer, Site.SHIFTED_K, b.x());
    k.matmul(b.k(), b.x(), p.key);
    trace.at(layer, Site.K, b.k());

    mix(b, z, hidden, 2, p.xv);
    trace.at(layer, Site.SHIFTED_V, b.x());
    k.matmul(b.v(), b.x(), p.value);
    trace.at(layer, Site.V, b.v());

    mix(b, z, hidden, 3, p.xr);
    trace.at(layer, Site.SHIFTED_R, b.x());
    k.matmul(b.r(), b.x(), p.receptance);
    trace.at(layer, Site.R, b.r());

    mix(b, z, hidden, 4, p.xg);
    trace.at(layer, Site.SHIFTED_G, b.x());
    k.matmul(b.g(), b.x(), p.gate);
    k.activate(b.g(), b.g(), SILU);
    trace.at(layer, Site.G, b.g());

    k.wkv6(b.y(), state, b.r(), b.w(), b.k(), b.v(), p.u, p.heads);
    trace.at(layer, Site.WKV_STATE, state);
    trace.at(layer, Site.WKV_OUTPUT, b.y());

    k.groupNorm(b.y(), b.y(), p.lnX.weight(), p.lnX.bias(), p.heads, GROUP_NORM_EPS);
    k.multiply(b.y(), b.y(), b.g());
    p.output.forward(k, out, b.y());
  }

  /** x ← z + δ ∘ (base + h up), h being that part of the hidden channels. */
  private void mix(Buffers6 b, Buffer z, Buffer hidden, int part, Mixing mixing) {
    Buffer h = b.hidden(mixing.up.in());
    k.slice(h, hidden, part * h.channels());
    k.matmul(b.mu(), h, mixing.up);
    k.add(b.mu(), b.mu(), mixing.base);
    k.mix(b.x(), z, b.delta(), b.mu());
  }
}
