package rwkv.engine.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.checkpoint.Tensors;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * States in files. Written as {@code .safetensors} with one f32 tensor {@code state.T.layer.part}
 * for every part of every layer, T being the tokens in the state; read from such files (the largest
 * T) and from official state-tuned files, {@code blocks.layer.att.time_state} {@code [heads, value
 * dim, key dim]}.
 *
 * <p>Parts that grow have a row for each token, {@code [T, …]}, and the text stands beside them as
 * i32, {@code state.T.tokens} {@code [T]}; {@code tokens} of that length is read too.
 */
public final class StateFile {

  private static final Pattern NAME =
      Pattern.compile("state\\.([0-9]{1,9})\\.([0-9]{1,5})\\.(\\w+)");

  /**
   * A state from a file.
   *
   * @param tokens in it; 0 for a tuned initial state
   */
  public record Loaded(StateSnapshot state, int tokens) {}

  private static final int MOST_TOKENS = 1 << 28;

  private StateFile() {}

  /** The tensors that a state is saved as, in order. */
  public static List<Tensor> tensors(StateSnapshot state, int tokens) {
    List<Tensor> tensors = new ArrayList<>();
    for (int layer = 0; layer < state.layers(); layer++) {
      for (int p = 0; p < state.parts().size(); p++) {
        StatePart part = state.parts().get(p);
        Shape shape = part.shape(state.tokens().length);
        tensors.add(Tensor.of(name(tokens, layer, part.name()), shape, state.values(layer, p)));
      }
    }
    if (state.parts().stream().anyMatch(StatePart::grows)) {
      tensors.add(Tensor.of(text(tokens), state.tokens()));
    }
    return tensors;
  }

  /** Saves a state; replaces the file only when all is written. */
  public static void save(Path file, StateSnapshot state, int tokens) {
    SafetensorsWriter.write(file, tensors(state, tokens), Map.of("tokens", String.valueOf(tokens)));
  }

  /**
   * Whether a file holds a state and no model.
   *
   * @throws CheckpointException if it cannot be read
   */
  public static boolean isState(Path file) {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      Set<String> names = checkpoint.tensors().keySet();
      return !names.contains("emb.weight")
          && names.stream()
              .anyMatch(name -> NAME.matcher(name).matches() || name.endsWith(".att.time_state"));
    }
  }

  /**
   * Loads a state for a model.
   *
   * @throws CheckpointException if it is not a state file, or of a model of another shape
   */
  public static Loaded load(Path file, ModelSpec spec) {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      if (checkpoint.tensors().containsKey(timeState(0))) {
        return new Loaded(tuned(checkpoint, spec), 0);
      }
      int tokens = tokens(checkpoint);
      int[] text = spec.grows() ? text(checkpoint, tokens, spec) : new int[0];
      float[][][] values = new float[spec.layers()][spec.stateParts().size()][];
      for (int layer = 0; layer < spec.layers(); layer++) {
        for (int p = 0; p < spec.stateParts().size(); p++) {
          StatePart part = spec.stateParts().get(p);
          String name = name(tokens, layer, part.name());
          values[layer][p] = numbers(checkpoint, name, part.shape(text.length));
        }
      }
      refuseMore(checkpoint, name(tokens, spec.layers(), spec.stateParts().getFirst().name()));
      return new Loaded(new StateSnapshot(spec.stateParts(), values, text), tokens);
    }
  }

  private static StateSnapshot tuned(Checkpoint checkpoint, ModelSpec spec) {
    int kv = spec.statePart(StatePart.ATT_KV);
    if (kv < 0) {
      throw new CheckpointException(
          checkpoint.path(), "holds matrix states, but " + spec.version().title() + " has none");
    }
    StateSnapshot state = StateSnapshot.start(spec);
    for (int layer = 0; layer < spec.layers(); layer++) {
      float[] numbers = numbers(checkpoint, timeState(layer), spec.stateParts().get(kv).shape());
      state = state.with(layer, kv, TimeState.inStateOrder(spec, numbers));
    }
    refuseMore(checkpoint, timeState(spec.layers()));
    return state;
  }

  private static int[] text(Checkpoint checkpoint, int tokens, ModelSpec spec) {
    Tensor tensor = checkpoint.tensors().get(text(tokens));
    if (tensor == null) {
      tensor = Tensors.require(checkpoint, "tokens", Shape.of(tokens));
    }
    if (tensor.shape().rank() != 1 || tensor.count() > MOST_TOKENS) {
      throw new CheckpointException(
          checkpoint.path(),
          "tensor %s should have the shape [%d], found %s"
              .formatted(tensor.name(), tokens, tensor.shape()));
    }
    int[] ids = new int[(int) tensor.count()];
    for (int i = 0; i < ids.length; i++) {
      double id = tensor.get(i);
      if (tensor.dtype().isFloating() || id < 0 || id >= spec.vocabulary()) {
        throw new CheckpointException(
            checkpoint.path(),
            "tensor %s should hold tokens below %d, found %s at index %d"
                .formatted(tensor.name(), spec.vocabulary(), id, i));
      }
      ids[i] = (int) id;
    }
    return ids;
  }

  private static float[] numbers(Checkpoint checkpoint, String name, Shape shape) {
    Tensor tensor = Tensors.require(checkpoint, name, shape);
    if (tensor.dtype() == DType.F64 || !tensor.dtype().isFloating()) {
      throw new CheckpointException(
          checkpoint.path(),
          "tensor %s is stored as %s, expected one of F32, F16, BF16"
              .formatted(name, tensor.dtype()));
    }
    Tensors.requireFinite(checkpoint, tensor);
    return tensor.toFloats();
  }

  private static void refuseMore(Checkpoint checkpoint, String next) {
    if (checkpoint.tensors().containsKey(next)) {
      throw new CheckpointException(
          checkpoint.path(), "tensor " + next + ": the state has more layers than the model");
    }
  }

  private static int tokens(Checkpoint checkpoint) {
    int most = -1;
    for (String name : checkpoint.tensors().keySet()) {
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches()) {
        most = Math.max(most, Integer.parseInt(matcher.group(1)));
      }
    }
    if (most < 0) {
      throw new CheckpointException(
          checkpoint.path(),
          "holds no state: expected tensors named state.<tokens>.<layer>.<part> or"
              + " blocks.<layer>.att.time_state");
    }
    return most;
  }

  private static String name(int tokens, int layer, String part) {
    return "state." + tokens + "." + layer + "." + part;
  }

  private static String text(int tokens) {
    return "state." + tokens + ".tokens";
  }

  private static String timeState(int layer) {
    return "blocks." + layer + ".att.time_state";
  }
}
