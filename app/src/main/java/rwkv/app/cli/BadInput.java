package rwkv.app.cli;

import java.util.function.Supplier;

/** What a person gave cannot be used. The message is one sentence for that person; exit code 2. */
final class BadInput extends RuntimeException {

  private static final long serialVersionUID = 1;

  BadInput(String message) {
    super(message);
  }

  BadInput(String message, Throwable cause) {
    super(message, cause);
  }

  /** Does something whose {@link IllegalArgumentException} says what is wrong with the input. */
  static <T> T unless(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()), e);
    }
  }
}
