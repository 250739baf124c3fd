package rwkv.app.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rwkv.engine.bench.ModelShape;
import rwkv.engine.bench.RandomModel;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.tensor.DType;

/** Models to run commands on. */
final class TestModel {

  /** End of text, then every byte. */
  static final int VOCABULARY = 257;

  private TestModel() {}

  /** A random RWKV-7 and, beside it, the vocabulary of bytes that it reads and writes. */
  static Path write(Path folder) {
    long seed = Long.getLong("tests.seed", System.nanoTime());
    System.out.println("random model: -Dtests.seed=" + seed);
    writeVocabulary(folder.resolve("tiny.vocab.txt"));
    return write(folder.resolve("tiny.safetensors"), 2, seed);
  }

  private static void writeVocabulary(Path file) {
    try {
      Files.write(
          file,
          IntStream.range(1, VOCABULARY)
              .mapToObj(id -> "%d b'\\x%02x' 1".formatted(id, id - 1))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, int layers, long seed) {
    ModelShape shape = new ModelShape(layers, 32, 16, VOCABULARY);
    try (RandomModel model = RandomModel.official(shape, DType.BF16, seed)) {
      SafetensorsWriter.write(file, model.tensors().values(), Map.of());
    }
    return file;
  }

  /** A file of the project or of what lies beside it; skips the test where it is missing. */
  static Path require(String relative) {
    Path start = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    return Stream.iterate(start, above -> above != null, Path::getParent)
        .map(above -> above.resolve(relative))
        .filter(Files::exists)
        .findFirst()
        .orElseGet(() -> skip(relative));
  }

  private static Path skip(String relative) {
    String reason = "skipped: no " + relative + " above the working directory";
    System.out.println(reason);
    return abort(reason);
  }
}
