package rwkv.engine.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.model.Progress;
import rwkv.engine.train.task.Task;
import rwkv.engine.train.task.Texts;

/** The sample models are as good at what they were taught as their cards say. */
class SampleModelsTest {

  /** Answers that may hang on a near tie, which another vector width rounds the other way. */
  private static final int TIES = 2;

  private static final double LOSS = 1e-4;

  static List<Path> configurations() throws IOException {
    Path folder =
        Stream.iterate(Path.of("").toAbsolutePath(), above -> above != null, Path::getParent)
            .map(above -> above.resolve("sample-models"))
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow();
    try (Stream<Path> files = Files.walk(folder, 2)) {
      List<Path> found =
          files.filter(file -> Files.exists(beside(file, ".evaluation.csv"))).sorted().toList();
      assertTrue(!found.isEmpty(), "no sample was evaluated");
      return found;
    }
  }

  /** A file of the same name with another ending. */
  private static Path beside(Path configuration, String ending) {
    String name = configuration.getFileName().toString();
    return name.endsWith(".json")
        ? configuration.resolveSibling(name.replace(".json", ending))
        : configuration.resolveSibling("none");
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void answersAsItsCardSays(Path configuration) throws IOException {
    TrainingConfig config = TrainingConfig.read(configuration, 2);
    Task task = TrainingRun.task(config, Texts.NONE);
    Evaluation found = TrainingRun.evaluate(beside(configuration, ".pth"), task, 2, Progress.NONE);
    List<String> said = Files.readAllLines(beside(configuration, ".evaluation.csv"));
    List<String> now = found.csv().lines().toList();
    assertEquals(said.size(), now.size());
    assertEquals(said.getFirst(), now.getFirst());
    for (int line = 1; line < said.size(); line++) {
      String[] wanted = said.get(line).split(",");
      String[] cells = now.get(line).split(",");
      assertEquals(wanted[0], cells[0]);
      assertEquals(wanted[2], cells[2], wanted[0]);
      if (wanted[1].isEmpty()) {
        assertEquals(Double.parseDouble(wanted[3]), Double.parseDouble(cells[3]), LOSS);
      } else {
        assertEquals(Long.parseLong(wanted[1]), Long.parseLong(cells[1]), TIES, wanted[0]);
      }
    }
  }
}
