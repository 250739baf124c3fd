package rwkv.engine.model;

import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.Tensor;

/**
 * Tuned initial WKV states, {@code time_state}: {@code [heads, value dim, key dim]} in files of
 * every version, while the states of RWKV-5 and 6 are {@code [heads, key dim, value dim]}.
 */
final class TimeState {

  private TimeState() {}

  /** The numbers of a {@code time_state} in the order of the model's own state. */
  static float[] inStateOrder(ModelSpec spec, float[] numbers) {
    if (spec.version().memory() != Version.Memory.KEY_VALUE) {
      return numbers;
    }
    int size = spec.headSize();
    float[] swapped = new float[numbers.length];
    for (int head = 0; head < spec.heads(); head++) {
      for (int value = 0; value < size; value++) {
        for (int key = 0; key < size; key++) {
          swapped[(head * size + key) * size + value] = numbers[(head * size + value) * size + key];
        }
      }
    }
    return swapped;
  }

  /** The state before the first token: zeros, but where the checkpoint carries a tuned one. */
  static StateSnapshot initial(Weights weights, ModelSpec spec) {
    StateSnapshot start = StateSnapshot.start(spec);
    for (int layer = 0; layer < spec.layers(); layer++) {
      @Nullable Tensor tuned = weights.timeState(layer, spec.heads(), spec.headSize());
      if (tuned != null) {
        float[] numbers = inStateOrder(spec, tuned.toFloats());
        start = start.with(layer, spec.statePart(StatePart.ATT_KV), numbers);
      }
    }
    return start;
  }
}
