package rwkv.engine.checkpoint;

import java.nio.file.Path;

/**
 * A model file is not what it should be. The message is one sentence for a person; it names the
 * file, and the tensor where there is one, and says what was expected and what was found.
 */
public final class CheckpointException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public CheckpointException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public CheckpointException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
