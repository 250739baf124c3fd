package rwkv.app.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gradient norms of the layers, a line for every step; those of steps taken again are dropped. */
final class LayerLog implements AutoCloseable {

  private final BufferedWriter file;

  /**
   * @param steps whose lines are kept
   */
  LayerLog(Path path, long steps) throws IOException {
    Map<Long, double[]> old = read(path);
    StringBuilder kept = new StringBuilder();
    for (long step = 1; step <= steps; step++) {
      double[] layers = old.get(step);
      if (layers != null) {
        kept.append(new StepLine(step, 0, 0, layers).csv());
      }
    }
    Files.writeString(path, kept);
    file = Files.newBufferedWriter(path, StandardOpenOption.APPEND);
  }

  /** By step; lines that are no good are left out. */
  static Map<Long, double[]> read(Path path) throws IOException {
    Map<Long, double[]> layers = new HashMap<>();
    if (Files.exists(path)) {
      for (String line : Files.readAllLines(path)) {
        try {
          String[] cells = line.split(",", -1);
          double[] norms = new double[cells.length - 1];
          for (int i = 0; i < norms.length; i++) {
            norms[i] = Double.parseDouble(cells[i + 1]);
          }
          layers.put(Long.valueOf(cells[0]), norms);
        } catch (NumberFormatException e) {
          continue;
        }
      }
    }
    return layers;
  }

  void add(List<StepLine> lines) {
    try {
      for (StepLine line : lines) {
        file.write(line.csv());
      }
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("layers.csv cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
