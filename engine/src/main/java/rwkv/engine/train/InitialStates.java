package rwkv.engine.train;

import java.util.LinkedHashMap;
import java.util.Map;
import rwkv.engine.backend.Kernels;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.State;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.tensor.Tensor;

/**
 * The WKV states before the first token as parameters (state tuning), in the order of the model's
 * own state.
 */
final class InitialStates {

  private InitialStates() {}

  /**
   * @throws IllegalArgumentException if the model has no WKV state of matrices
   */
  static Parameters zeros(ModelSpec spec, Kernels kernels) {
    int part = part(spec);
    if (part < 0) {
      throw new IllegalArgumentException(
          "only RWKV-5, 6 and 7 have an initial state to tune; this is an "
              + spec.version().title());
    }
    StatePart wkv = spec.stateParts().get(part);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int layer = 0; layer < spec.layers(); layer++) {
      tensors.put(name(layer), Tensor.of(name(layer), wkv.shape(), new float[wkv.count()]));
    }
    return Parameters.of(tensors, kernels);
  }

  private static int part(ModelSpec spec) {
    return spec.statePart(StatePart.ATT_KV);
  }

  private static String name(int layer) {
    return "blocks." + layer + ".att.time_state";
  }

  /** Begins every sequence with them. */
  static void spread(ModelSpec spec, Parameters states, State state, Tape tape) {
    for (int layer = 0; layer < spec.layers(); layer++) {
      tape.spread(state.part(layer, part(spec)), states.get(name(layer)));
    }
  }

  static StateSnapshot snapshot(ModelSpec spec, Parameters states) {
    StateSnapshot snapshot = StateSnapshot.start(spec);
    for (int layer = 0; layer < spec.layers(); layer++) {
      float[] numbers = states.get(name(layer)).values().toArray();
      snapshot = snapshot.with(layer, part(spec), numbers);
    }
    return snapshot;
  }
}
