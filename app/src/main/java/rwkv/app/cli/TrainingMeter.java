package rwkv.app.cli;

import java.util.Locale;
import rwkv.engine.train.StepReport;

/** How a training goes, in a line. */
final class TrainingMeter {

  /** Of the loss before, in the smoothed loss of the next step, once there are many. */
  private static final double MEMORY = 0.98;

  private static final double NANOS = 1e9;

  private final long steps;
  private final long begin = System.nanoTime();
  private final long firstStep;
  private final long firstTokens;
  private double smoothed;
  private double weight;

  /**
   * @param steps of the whole training
   * @param firstStep taken before
   * @param firstTokens learnt from before
   */
  TrainingMeter(long steps, long firstStep, long firstTokens) {
    this.steps = steps;
    this.firstStep = firstStep;
    this.firstTokens = firstTokens;
  }

  /** Takes note of a loss. */
  void add(double loss) {
    if (Double.isFinite(loss)) {
      smoothed = MEMORY * smoothed + (1 - MEMORY) * loss;
      weight = MEMORY * weight + 1 - MEMORY;
    }
  }

  /** As in {@code step 1200/5000 loss 1.2034 ~1.1876 grad 0.82 rate 5.9e-04 8.1k tok/s 12:40}. */
  String line(StepReport report) {
    double seconds = Math.max(1e-3, (System.nanoTime() - begin) / NANOS);
    long left = (long) (seconds / (report.step() - firstStep) * Math.max(0, steps - report.step()));
    return String.format(
        Locale.ROOT,
        "step %d/%d  loss %.4f ~%.4f  grad %.2f  rate %.1e  %.1fk tok/s  %s",
        report.step(),
        steps,
        report.loss(),
        smoothed / weight,
        report.gradientNorm(),
        report.rate(),
        (report.tokens() - firstTokens) / seconds / 1e3,
        clock(left));
  }

  private static String clock(long seconds) {
    long hours = seconds / 3600;
    return hours > 0
        ? "%d:%02d:%02d".formatted(hours, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }
}
