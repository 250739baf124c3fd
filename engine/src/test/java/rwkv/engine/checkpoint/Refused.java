package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.stream.Stream;

/** What a refusal must look like. */
final class Refused {

  private Refused() {}

  /** Opening fails with one line that names the file and has all of these parts. */
  static void opening(Path file, String... parts) {
    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> Checkpoints.open(file).close());
    assertSays(refusal, Stream.concat(Stream.of(file.toString()), Stream.of(parts)));
  }

  static void assertSays(CheckpointException refusal, Stream<String> parts) {
    String message = refusal.getMessage();
    assertFalse(message.contains("\n"), message);
    assertAll(
        parts.map(part -> () -> assertTrue(message.contains(part), part + " not in: " + message)));
  }
}
