package rwkv.app.train;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The steps of a run so far, with their losses smoothed. Index 0 is step 1. */
final class RunHistory {

  /** Of the smoothed loss before, in the next one, once there are many. */
  private static final double MEMORY = 0.95;

  private static final double[] NOT_KNOWN = {};

  private final List<StepLine> lines = new ArrayList<>();
  private final List<Double> smoothed = new ArrayList<>();
  private double sum;
  private double weight;
  private double best = Double.NaN;

  /** The steps in a run's files. */
  static RunHistory read(RunFiles files) throws IOException {
    RunHistory history = new RunHistory();
    if (!Files.exists(files.losses())) {
      return history;
    }
    Map<Long, double[]> layers = LayerLog.read(files.layers());
    for (String line : Files.readAllLines(files.losses())) {
      String[] cells = line.split(",", -1);
      if (cells.length == 5 && cells[0].matches("[0-9]{1,18}")) {
        long step = Long.parseLong(cells[0]);
        history.add(
            new StepLine(
                step,
                Double.parseDouble(cells[2]),
                Double.parseDouble(cells[3]),
                layers.getOrDefault(step, NOT_KNOWN)));
      }
    }
    return history;
  }

  /** Takes note of the next step, or of one that is taken again. */
  void add(StepLine line) {
    if (line.step() <= lines.size()) {
      rewind((int) line.step() - 1);
    }
    lines.add(line);
    if (Double.isFinite(line.loss())) {
      sum = MEMORY * sum + (1 - MEMORY) * line.loss();
      weight = MEMORY * weight + 1 - MEMORY;
    }
    double now = weight == 0 ? Double.NaN : sum / weight;
    smoothed.add(now);
    best = Double.isNaN(best) ? now : Math.min(best, now);
  }

  private void rewind(int steps) {
    List<StepLine> kept = List.copyOf(lines.subList(0, steps));
    lines.clear();
    smoothed.clear();
    sum = 0;
    weight = 0;
    best = Double.NaN;
    kept.forEach(this::add);
  }

  int size() {
    return lines.size();
  }

  StepLine line(int index) {
    return lines.get(index);
  }

  /** The smoothed loss after a step. */
  double smoothed(int index) {
    return smoothed.get(index);
  }

  /** Loss of the first step. */
  double first() {
    return lines.isEmpty() ? Double.NaN : lines.getFirst().loss();
  }

  /** Smoothed loss of the last step. */
  double last() {
    return smoothed.isEmpty() ? Double.NaN : smoothed.getLast();
  }

  /** The lowest smoothed loss. */
  double best() {
    return best;
  }

  /** Gradient norm of the last step. */
  double norm() {
    return lines.isEmpty() ? Double.NaN : lines.getLast().norm();
  }
}
