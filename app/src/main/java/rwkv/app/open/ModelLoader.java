package rwkv.app.open;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;

/** Loads models; called in the background. */
@FunctionalInterface
public interface ModelLoader {

  /**
   * Loads a model.
   *
   * @param device the id of what it is to compute on, as in "auto" or "cuda:0"
   * @param progress may end it with a {@link java.util.concurrent.CancellationException}
   * @throws RuntimeException saying what is wrong with which file
   */
  Loaded load(Path file, String device, Progress progress);

  /**
   * The id of the device that stands behind an id, as "cpu" behind "auto".
   *
   * @throws IllegalArgumentException if there is no such device or it cannot be used, saying why
   */
  default String resolve(String device) {
    return device;
  }

  /**
   * The state in a file, if it holds a state and no model.
   *
   * @param spec of the model that it is to fit
   * @throws RuntimeException if it holds a state that does not fit
   */
  default Optional<InitialState> state(Path file, ModelSpec spec) {
    return Optional.empty();
  }

  /**
   * A loaded model.
   *
   * @param tokenizer null if none suits it
   * @param trouble what went wrong on the way without being fatal
   */
  record Loaded(OpenModel model, @Nullable TokenizerChoice tokenizer, List<String> trouble) {
    public Loaded {
      trouble = List.copyOf(trouble);
    }
  }
}
