package rwkv.app.message;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Says a failure in a sentence for a person. */
public final class Sentence {

  private Sentence() {}

  /** One sentence with a full stop; never a stack trace or a bare class name. */
  public static String of(Throwable failure) {
    return closed(
        switch (failure) {
          case NoSuchFileException e -> e.getFile() + ": there is no such file";
          case AccessDeniedException e -> e.getFile() + ": it may not be read";
          case OutOfMemoryError _ -> "there is not enough memory";
          default -> messageOf(failure);
        });
  }

  private static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    if (message != null && !message.isBlank()) {
      return message.lines().findFirst().orElse(message).strip();
    }
    return "no reason was given (" + failure.getClass().getSimpleName() + ")";
  }

  /** With a full stop at its end. */
  public static String closed(String text) {
    return text.endsWith(".") || text.endsWith("?") || text.endsWith("!") ? text : text + ".";
  }
}
