package rwkv.engine.train;

import java.util.Map;

/**
 * What came of a step.
 *
 * @param step counted from 1
 * @param tokens learnt from so far, each as often as it was
 * @param loss mean cross entropy of the scored targets in nats, before the step
 * @param gradientNorm of the whole gradient, before it was clipped
 * @param gradientNorms of every trained parameter's gradient, by name
 * @param rate learning rate
 * @param taken whether the step was taken; not where the loss or the gradient is no finite number:
 *     parameters then are as they were before
 */
public record StepReport(
    long step,
    long tokens,
    double loss,
    double gradientNorm,
    Map<String, Double> gradientNorms,
    double rate,
    boolean taken) {

  public StepReport {
    gradientNorms = Map.copyOf(gradientNorms);
  }

  /** The norm of the gradient of a layer's parameters. */
  public double layerNorm(int layer) {
    String prefix = "blocks." + layer + ".";
    return Math.sqrt(
        gradientNorms.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .mapToDouble(entry -> entry.getValue() * entry.getValue())
            .sum());
  }
}
