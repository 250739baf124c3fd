package rwkv.app.probing;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.plugin.ProbeException;

/** What a probe did wrong, in a sentence that names it. */
final class ProbeFailure {

  private static final int LONGEST = 400;

  private ProbeFailure() {}

  /** It threw something. */
  static String sentence(String probe, Throwable failure) {
    return switch (failure) {
      case ProbeException e -> closed("Probe " + probe + ": " + message(e));
      case CheckpointException e -> closed("Probe " + probe + " failed: " + message(e));
      case UncheckedIOException e ->
          closed(
              "Probe " + probe + " failed: " + words(Objects.requireNonNullElse(e.getCause(), e)));
      case OutOfMemoryError _ -> "Probe " + probe + " failed: there is not enough memory.";
      default -> closed("Probe " + probe + " failed: " + words(failure));
    };
  }

  static String left(String probe, String thread) {
    return closed("Probe " + probe + " left its thread '" + oneLine(thread) + "' running");
  }

  static String hangs(String probe, Duration grace) {
    return String.format(
        Locale.ROOT,
        "Probe %s did not end within %.3g seconds after it was cancelled and is left behind.",
        probe,
        grace.toMillis() / 1000.0);
  }

  /** A failure's own words may fail too. */
  static String words(Throwable failure) {
    String kind = failure.getClass().getSimpleName();
    String message = message(failure);
    return message.isEmpty() ? kind : kind + ", " + message;
  }

  private static String message(Throwable failure) {
    try {
      String message = failure.getMessage();
      return message == null ? "" : oneLine(message);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return "";
    }
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  private static String closed(String text) {
    return text.endsWith(".") || text.endsWith("…") ? text : text + ".";
  }
}
