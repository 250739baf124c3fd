package rwkv.plugin;

import java.io.Serial;

/** A probe cannot be asked as it was wanted; the message is a sentence for a person. */
public final class ProbeException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  public ProbeException(String message) {
    super(message);
  }

  public ProbeException(String message, Throwable cause) {
    super(message, cause);
  }
}
