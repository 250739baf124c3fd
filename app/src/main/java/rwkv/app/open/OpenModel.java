package rwkv.app.open;

import java.nio.file.Path;
import java.util.function.Consumer;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Event;

/** A model that has been loaded. Close its sessions before it. */
public interface OpenModel extends AutoCloseable {

  /** As the window calls it. */
  default String name() {
    return ModelName.of(file());
  }

  Path file();

  /** Size of the file, or -1 if it is not known. */
  long fileBytes();

  /** What kind of file it is, for a person. */
  String format();

  /** What it computes on, for a person. */
  String device();

  ModelSpec spec();

  /**
   * Starts a session.
   *
   * @param endOfText the token that ends a generation, or -1 for none
   * @param sink is told every event, on the session's thread; must not block
   */
  SessionPort start(int endOfText, Consumer<Event> sink);

  @Override
  void close();
}
