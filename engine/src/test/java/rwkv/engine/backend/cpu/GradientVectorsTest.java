package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.tensor.Tensor;

/** Gradients must be those of the reference vectors, which were made in f64. */
class GradientVectorsTest {

  private static final double TOLERANCE = 2e-5;

  @AutoClose private final Kernels kernels = new VectorKernels(2);
  private final Gradients gradients = kernels.gradients();

  /** A file of vectors and the buffers of a case. */
  private static final class Vectors implements AutoCloseable {
    private final Checkpoint file;
    private final Map<String, Tensor> tensors;

    Vectors(String name) {
      file = Checkpoints.open(ReferenceData.require("grad/" + name + ".f32.safetensors"));
      tensors = file.tensors();
    }

    /** A tensor as {@code [batch, time, channels]}, or as one row. */
    CpuBuffer get(String name) {
      Tensor tensor = tensors.get(name);
      float[] values = tensor.toFloats();
      boolean full = tensor.shape().rank() == 3;
      int batch = full ? (int) tensor.shape().size(0) : 1;
      int time = full ? (int) tensor.shape().size(1) : 1;
      return new CpuBuffer(values, batch, time, values.length / batch / time);
    }

    CpuBuffer zeros(String like) {
      CpuBuffer b = get(like);
      return CpuBuffer.zeros(b.batch(), b.time(), b.channels());
    }

    void close(String name, Buffer actual) {
      Compare.close(name, tensors.get(name).toFloats(), actual.toArray(), TOLERANCE, TOLERANCE);
    }

    @Override
    public void close() {
      file.close();
    }
  }

  @Test
  void keysOfVersion7() {
    try (Vectors v = new Vectors("tmix7_kk_pre")) {
      Buffer k = v.get("in.k");
      Buffer a = v.get("in.a");
      Buffer kk = v.zeros("in.k");
      kernels.removalKey7(kk, k, v.get("in.k_k"), 2);
      Buffer dK = v.zeros("in.k");
      Buffer dA = v.zeros("in.k");
      Buffer dScale = v.zeros("in.k_k");
      Buffer dRate = v.zeros("in.k_a");
      // out.kka = κ̂ a, and out.neg_kk = −κ̂.
      Buffer dKk = v.zeros("in.k");
      gradients.multiply(dKk, dA, v.get("up.grad_kka"), kk, a);
      Buffer minus = v.get("up.grad_neg_kk");
      gradients.scale(minus, -1);
      gradients.copy(dKk, minus);
      gradients.removalKey7(dK, dScale, dKk, k, v.get("in.k_k"), 2);
      gradients.replacementKey7(dK, dA, dRate, v.get("up.grad_new_k"), k, a, v.get("in.k_a"));
      v.close("grad.k", dK);
      v.close("grad.a", dA);
      v.close("grad.k_k", dScale);
      v.close("grad.k_a", dRate);
    }
  }

  @Test
  void groupNormBonusAndGateOfVersion7() {
    try (Vectors v = new Vectors("tmix7_gn_bonus_gate")) {
      Buffer x = v.get("in.x");
      Buffer bonus = v.get("in.r_k");
      Buffer gate = v.get("in.g");
      Buffer open = v.zeros("in.x");
      kernels.groupNorm(open, x, v.get("in.weight"), v.get("in.bias"), 2, 64e-5f);
      kernels.bonus7(open, open, v.get("in.r"), v.get("in.k"), bonus, v.get("in.v"), 2);
      Buffer dOpen = v.zeros("in.x");
      Buffer dGate = v.zeros("in.x");
      gradients.multiply(dOpen, dGate, v.get("up.grad_xg"), open, gate);
      Buffer dR = v.zeros("in.r");
      Buffer dK = v.zeros("in.k");
      Buffer dBonus = v.zeros("in.weight");
      Buffer dV = v.zeros("in.v");
      gradients.bonus7(
          dR, dK, dBonus, dV, dOpen, v.get("in.r"), v.get("in.k"), bonus, v.get("in.v"), 2);
      Buffer dX = v.zeros("in.x");
      Buffer dWeight = v.zeros("in.weight");
      Buffer dBias = v.zeros("in.bias");
      gradients.groupNorm(dX, dWeight, dBias, dOpen, x, v.get("in.weight"), 2, 64e-5f);
      v.close("grad.g", dGate);
      v.close("grad.r", dR);
      v.close("grad.k", dK);
      v.close("grad.r_k", dBonus);
      v.close("grad.v", dV);
      v.close("grad.x", dX);
      v.close("grad.weight", dWeight);
      v.close("grad.bias", dBias);
    }
  }

  @Test
  void valueResidualOfVersion7() {
    try (Vectors v = new Vectors("tmix7_vres")) {
      Buffer logit = v.zeros("in.v12");
      kernels.add(logit, v.get("in.v12"), v.get("in.v0"));
      Buffer gate = v.zeros("in.v12");
      kernels.activate(gate, logit, Activation.SIGMOID);
      Buffer dV = v.zeros("in.v");
      Buffer dFirst = v.zeros("in.v");
      Buffer dGate = v.zeros("in.v");
      gradients.lerp(
          dV, dFirst, dGate, v.get("up.grad_out"), v.get("in.v"), v.get("in.v_first"), gate);
      Buffer dLogit = v.zeros("in.v");
      gradients.activate(dLogit, dGate, logit, gate, Activation.SIGMOID);
      Buffer d12 = v.zeros("in.v");
      Buffer d0 = v.zeros("in.v0");
      gradients.add(d12, d0, dLogit);
      v.close("grad.v", dV);
      v.close("grad.v_first", dFirst);
      v.close("grad.v12", d12);
      v.close("grad.v0", d0);
    }
  }

  @Test
  void tokenShift() {
    try (Vectors v = new Vectors("token_shift_lerp")) {
      Buffer x = v.get("in.x");
      Buffer delta = v.zeros("in.x");
      kernels.tokenShift(delta, x, CpuBuffer.zeros(x.batch(), 1, x.channels()));
      Buffer dX = v.zeros("in.x");
      Buffer dDelta = v.zeros("in.x");
      Buffer dMu = v.zeros("in.mu");
      gradients.mix(dX, dDelta, dMu, v.get("up.grad_out"), delta, v.get("in.mu"));
      gradients.tokenShift(dX, null, dDelta, null);
      v.close("grad.x", dX);
      v.close("grad.mu", dMu);
    }
  }

  @Test
  void crossEntropyWithL2Wrap() {
    try (Vectors v = new Vectors("ce_l2wrap")) {
      Buffer logits = v.get("in.logits");
      Buffer d = v.zeros("in.logits");
      int[] targets = Compare.ints(v.tensors.get("in.targets"));
      double loss = gradients.crossEntropy(d, logits, targets, 1, 1e-4);
      assertEquals(v.tensors.get("out.loss").toFloats()[0], loss, 1e-6);
      Compare.close("gradient", v.tensors.get("grad.logits").toFloats(), d.toArray(), 1e-7, 2e-6);
    }
  }
}
