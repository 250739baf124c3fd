package rwkv.engine.train.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import rwkv.engine.train.StepReport;

/**
 * The loss of every step, {@code loss.csv}. Numbers are written in full, so that equal lines are
 * equal numbers. When a run goes on, lines of steps that it will take again are dropped.
 */
final class LossLog implements AutoCloseable {

  static final String HEADER = "step,tokens,loss,gradient_norm,rate";

  private final BufferedWriter file;

  /**
   * @param steps whose lines are kept, from the first
   */
  LossLog(Path path, long steps) throws IOException {
    List<String> kept = new ArrayList<>();
    kept.add(HEADER);
    if (steps > 0 && Files.exists(path)) {
      Files.readAllLines(path).stream().filter(line -> isUpTo(line, steps)).forEach(kept::add);
    }
    Path whole = path.resolveSibling(path.getFileName() + ".new");
    Files.writeString(whole, String.join("\n", kept) + "\n");
    Files.move(whole, path, StandardCopyOption.REPLACE_EXISTING);
    this.file = Files.newBufferedWriter(path, StandardOpenOption.APPEND);
  }

  private static boolean isUpTo(String line, long steps) {
    String step = line.split(",", 2)[0];
    return step.matches("[0-9]{1,18}") && Long.parseLong(step) <= steps;
  }

  /** The losses in a file, from the first step. */
  static List<Double> losses(Path path) throws IOException {
    return Files.readAllLines(path).stream()
        .skip(1)
        .map(line -> line.split(",", -1))
        .filter(cells -> cells.length == 5)
        .map(cells -> Double.valueOf(cells[2]))
        .toList();
  }

  void add(StepReport report) {
    try {
      file.write(
          "%d,%d,%s,%s,%s\n"
              .formatted(
                  report.step(),
                  report.tokens(),
                  report.loss(),
                  report.gradientNorm(),
                  report.rate()));
      // At once: who is killed leaves all lines up to the last checkpoint.
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(Objects.requireNonNullElse(e.getMessage(), "loss.csv"), e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(Objects.requireNonNullElse(e.getMessage(), "loss.csv"), e);
    }
  }
}
