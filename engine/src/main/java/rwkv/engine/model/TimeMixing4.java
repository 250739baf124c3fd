package rwkv.engine.model;

import static rwkv.engine.backend.Activation.SIGMOID;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Time mixing of RWKV-4 "Dove" (Peng et al. 2023, arXiv:2305.13048), one line per equation.
 *
 * <p>Every channel keeps a mean of its values, weighted by the exponentials of their keys and by a
 * decay for every token since; the current token counts with its bonus u. The state is the mean's
 * numerator and denominator, both as multiples of e to the power of a third number.
 */
final class TimeMixing4 {

  /**
   * The tensors of one layer's time mixing.
   *
   * @param xr how much of the previous token is mixed in: 1 − time_mix_r
   * @param w decay as a factor per token, exp(−exp(time_decay)), one row
   * @param logW its natural logarithm
   * @param u bonus, time_first
   */
  record Weights(
      Buffer xr,
      Buffer xk,
      Buffer xv,
      Buffer w,
      Buffer logW,
      Buffer u,
      Matrix receptance,
      Matrix key,
      Matrix value,
      Projection output) {}

  /** The state of a layer: token shift, numerator, denominator and their exponent. */
  record Memory(Buffer shift, Buffer a, Buffer b, Buffer p) {}

  private final Kernels k;
  private final int layer;
  private final Weights p;

  TimeMixing4(Kernels kernels, int layer, Weights weights) {
    this.k = kernels;
    this.layer = layer;
    this.p = weights;
  }

  void forward(Buffer out, Buffer z, Memory state, Buffers4 b, Trace trace) {
    trace.at(layer, Site.TIME_MIX_INPUT, z);
    k.tokenShift(b.delta(), z, state.shift);

    k.mix(b.x(), z, b.delta(), p.xr);
    trace.at(layer, Site.SHIFTED_R, b.x());
    k.matmul(b.r(), b.x(), p.receptance);
    k.activate(b.r(), b.r(), SIGMOID);
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
    k.wkv4(b.y(), state.a, state.b, state.p, p.logW, p.u, b.k(), b.v());
    trace.at(layer, Site.WKV_NUMERATOR, state.a);
    trace.at(layer, Site.WKV_DENOMINATOR, state.b);
    trace.at(layer, Site.WKV_EXPONENT, state.p);
    trace.at(layer, Site.WKV_OUTPUT, b.y());

    k.multiply(b.y(), b.y(), b.r());
    p.output.forward(k, out, b.y());
  }
}
