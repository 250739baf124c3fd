package rwkv.app.train;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rwkv.engine.train.StepReport;

/**
 * What a step said, as far as it is shown.
 *
 * @param step counted from 1
 * @param loss in nats
 * @param norm of the whole gradient
 * @param layers norms of the layers' gradients; empty if not known
 */
record StepLine(long step, double loss, double norm, double[] layers) {

  static StepLine of(StepReport report, int layers) {
    return new StepLine(
        report.step(),
        report.loss(),
        report.gradientNorm(),
        IntStream.range(0, layers).mapToDouble(report::layerNorm).toArray());
  }

  /** A line of {@code layers.csv}. */
  String csv() {
    return step
        + Arrays.stream(layers).mapToObj(norm -> "," + norm).collect(Collectors.joining())
        + "\n";
  }
}
