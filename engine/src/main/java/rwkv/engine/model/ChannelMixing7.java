package rwkv.engine.model;

import static rwkv.engine.backend.Activation.SQUARED_RELU;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Channel mixing of RWKV-7: V max(K x, 0)² of the token-shifted input x.
 *
 * @param xk how much of the previous token is mixed in, per channel
 */
record ChannelMixing7(Kernels kernels, int layer, Buffer xk, Matrix key, Matrix value) {

  void forward(Buffer out, Buffer z, Buffer shift, Buffers7 b, Trace trace) {
    Kernels k = kernels;
    trace.at(layer, Site.CHANNEL_MIX_INPUT, z);
    k.tokenShift(b.delta(), z, shift);
    k.mix(b.ffnX(), z, b.delta(), xk);
    k.matmul(b.ffnK(), b.ffnX(), key);
    k.activate(b.ffnK(), b.ffnK(), SQUARED_RELU);
    trace.at(layer, Site.CHANNEL_MIX_ACTIVATION, b.ffnK());
    if (trace.isOn()) {
      k.zeros(b.skipped(), b.ffnK());
      trace.at(layer, Site.SKIPPED, b.skipped());
    }
    k.matmul(out, b.ffnK(), value);
  }
}
