package rwkv.engine.train.run;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.model.Version;
import rwkv.engine.tensor.Tensor;

/**
 * A tuned initial state as official tensors, {@code [heads, value dim, key dim]} in all versions.
 */
final class TunedState {

  private TunedState() {}

  static List<Tensor> tensors(ModelSpec spec, StateSnapshot state) {
    int part = spec.statePart(StatePart.ATT_KV);
    List<Tensor> tensors = new ArrayList<>();
    for (int layer = 0; layer < spec.layers(); layer++) {
      float[] numbers = state.values(layer, part);
      boolean keysFirst = spec.version().memory() == Version.Memory.KEY_VALUE;
      tensors.add(
          Tensor.of(
              "blocks." + layer + ".att.time_state",
              spec.stateParts().get(part).shape(),
              keysFirst ? transposed(numbers, spec.headSize()) : numbers));
    }
    return tensors;
  }

  private static float[] transposed(float[] heads, int size) {
    float[] swapped = new float[heads.length];
    for (int at = 0; at < heads.length; at++) {
      int head = at / (size * size);
      int row = at / size % size;
      swapped[(head * size + at % size) * size + row] = heads[at];
    }
    return swapped;
  }
}
