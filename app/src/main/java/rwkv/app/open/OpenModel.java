package rwkv.app.open;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rwkv.app.device.DeviceUser;
import rwkv.app.probing.Subject;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Event;
import rwkv.engine.session.Session;
import rwkv.engine.session.Standing;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.verify.Report;

/** A model that has been loaded. Close its sessions before it. */
public interface OpenModel extends DeviceUser, AutoCloseable {

  /** As the window calls it. */
  default String name() {
    return ModelName.of(file());
  }

  @Override
  Path file();

  /** Size of the file, or -1 if it is not known. */
  long fileBytes();

  /** What kind of file it is, for a person. */
  String format();

  /** What it computes on, for a person. */
  String device();

  ModelSpec spec();

  /** The state that a text begins with when nobody gives another one. */
  StateSnapshot initial();

  /**
   * Starts a session.
   *
   * @param endOfText the token that ends a generation, or -1 for none
   * @param sink is told every event, on the session's thread; must not block
   */
  SessionPort start(int endOfText, Consumer<Event> sink);

  /**
   * Reads what another session has read, on whatever device; the next session that is started here
   * goes on from there. May take as long as reading does.
   *
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   * @throws IllegalArgumentException if it was of a model of another shape
   */
  void goOn(Standing from, Progress progress);

  /**
   * Compares what the model computes here with the reference; takes seconds.
   *
   * @param tokens to run, at least 2
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it or the model
   *     was closed
   */
  Report selfTest(int tokens, Progress progress);

  /**
   * Every tensor of the file by its name, in the order of the file. Their numbers may be touched
   * within {@link #read} only.
   */
  Map<String, Tensor> tensors();

  /**
   * Reads numbers of tensors; until that has ended, the file stays mapped.
   *
   * @param work is handed what to report its progress to: often, and before each touch of a number
   *     for the first time
   * @param progress is told, on the same thread
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it or the model
   *     was closed
   */
  <T> T read(Function<Progress, T> work, Progress progress);

  /**
   * Computes something on a sequence of its own, beside the sessions that are running; their tokens
   * take turns.
   *
   * @param work is handed the sequence before its first token, and what to report its progress to
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it or the model
   *     was closed
   */
  <T> T compute(BiFunction<Session, Progress, T> work, Progress progress);

  /**
   * It as something that probes are run on, beside the sessions that are running. It stays open as
   * long as a run goes on; a run is told to end when the model is being closed.
   */
  Subject subject(TokenizerChoice tokenizer);

  /**
   * The decay parameters that it computes with.
   *
   * @throws IllegalArgumentException if its version has none
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it or the model
   *     was closed
   */
  DecayCurve decays(Progress progress);

  /**
   * The decays that it computes with in the place of its own, see {@link #with}; null if there are
   * none. Also known of a closed model.
   */
  @Nullable DecayCurve otherDecays();

  /**
   * Opens the same file once more, with these decays in the place of its own. Either is closed
   * without the other.
   *
   * @param isOther whether its name is to say that these are not its own
   * @throws RuntimeException as when a file is opened, or if the curve was made for another model
   */
  OpenModel with(DecayCurve decays, boolean isOther, Progress progress);

  /**
   * Ends what is still reading the model, waits for it, and gives its memory back. The facts about
   * the model can be read afterwards, and closing it once more does nothing.
   */
  @Override
  void close();
}
