package rwkv.app.train;

import java.util.Map;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;

/** The decays among the parameters of a model in training. */
final class DecayReader {

  private DecayReader() {}

  /**
   * @param tensors by official name
   * @throws IllegalArgumentException if a layer has no decays
   */
  static DecayCurve read(Map<String, Tensor> tensors, DecayShape shape) {
    double[][] raw = new double[shape.layers()][shape.values()];
    for (int layer = 0; layer < raw.length; layer++) {
      String owner = "blocks." + layer + ".att.";
      Tensor tensor = tensors.get(owner + "w0");
      if (tensor == null) {
        tensor = tensors.get(owner + "time_decay");
      }
      if (tensor == null || tensor.count() != shape.values()) {
        throw new IllegalArgumentException("layer " + layer + " has no decays");
      }
      float[] numbers = tensor.toFloats();
      for (int i = 0; i < numbers.length; i++) {
        raw[layer][i] = numbers[i];
      }
    }
    return DecayCurve.of(shape, raw);
  }
}
