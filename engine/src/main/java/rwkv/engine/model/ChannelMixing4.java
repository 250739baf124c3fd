package rwkv.engine.model;

import static rwkv.engine.backend.Activation.SIGMOID;
import static rwkv.engine.backend.Activation.SQUARED_RELU;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Channel mixing of RWKV-4, 5 and 6: σ(R x_r) ∘ V max(K x_k, 0)² of the token-shifted inputs.
 *
 * @param xr how much of the previous token is mixed in for the receptance, per channel
 * @param xk the same for the key
 */
record ChannelMixing4(
    Kernels kernels,
    int layer,
    Buffer xr,
    Buffer xk,
    Matrix receptance,
    Matrix key,
    Projection value) {

  void forward(Buffer out, Buffer z, Buffer shift, ChannelBuffers b, Trace trace) {
    Kernels k = kernels;
    trace.at(layer, Site.CHANNEL_MIX_INPUT, z);
    k.tokenShift(b.delta(), z, shift);

    k.mix(b.x(), z, b.delta(), xr);
    k.matmul(b.r(), b.x(), receptance);
    k.activate(b.r(), b.r(), SIGMOID);
    trace.at(layer, Site.CHANNEL_MIX_RECEPTANCE, b.r());

    k.mix(b.x(), z, b.delta(), xk);
    k.matmul(b.k(), b.x(), key);
    k.activate(b.k(), b.k(), SQUARED_RELU);
    trace.at(layer, Site.CHANNEL_MIX_ACTIVATION, b.k());

    if (trace.isOn()) {
      k.zeros(b.skipped(), b.k());
      trace.at(layer, Site.SKIPPED, b.skipped());
    }
    value.forward(k, out, b.k());
    k.multiply(out, out, b.r());
  }
}
