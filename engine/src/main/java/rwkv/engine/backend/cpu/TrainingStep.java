package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.CpuKernels.data;
import static rwkv.engine.backend.cpu.GradientShapes.alike;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Gradients.AdamStep;
import rwkv.engine.backend.Shapes;

/** What begins and ends a backward pass: the loss, and the parameters' step. */
final class TrainingStep {

  /** Numbers of a parameter that are one piece. */
  private static final int STRETCH = 1 << 14;

  /** Multiply-adds that take about as long as an exponential and what it is used in. */
  private static final int CURVE = 16;

  private final RowBlocks blocks;

  TrainingStep(RowBlocks blocks) {
    this.blocks = blocks;
  }

  /** Of {@link Gradients#crossEntropy}. */
  double crossEntropy(
      Buffer dLogits, Buffer logits, int[] targets, float[] weights, double scale, double l2wrap) {
    alike(logits, dLogits);
    int n = logits.channels();
    double counted = counted(targets, weights, logits);
    double[] losses = new double[targets.length];
    blocks.run(
        logits,
        CURVE,
        (row, sums, at, room) -> {
          int target = targets[row];
          if (target < 0 || weights[row] == 0) {
            Arrays.fill(data(dLogits), row * n, (row + 1) * n, 0);
          } else {
            double share = weights[row] / counted;
            losses[row] =
                share
                    * CrossEntropy.row(
                        data(dLogits), data(logits), row * n, n, target, scale * share, l2wrap);
          }
        });
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum;
  }

  /** What the targets that are not negative weigh together. */
  private static double counted(int[] targets, float[] weights, Buffer logits) {
    if (targets.length != logits.rows() || weights.length != logits.rows()) {
      throw new IllegalArgumentException(
          "%d targets and %d weights for %s"
              .formatted(targets.length, weights.length, Shapes.text(logits)));
    }
    double counted = 0;
    for (int row = 0; row < targets.length; row++) {
      if (targets[row] >= logits.channels()) {
        throw new IllegalArgumentException(
            "target " + targets[row] + " for " + Shapes.text(logits));
      }
      if (!(weights[row] >= 0)) {
        throw new IllegalArgumentException("a target weighs " + weights[row]);
      }
      counted += targets[row] < 0 ? 0 : weights[row];
    }
    return counted;
  }

  private interface Stretch {
    void run(int at, int n);
  }

  private void stretches(int length, int cost, Stretch each) {
    blocks.run(
        Math.ceilDiv(length, STRETCH),
        (long) length * cost,
        (i, slot) -> each.run(i * STRETCH, Math.min(STRETCH, length - i * STRETCH)));
  }

  /** Of {@link Gradients#squares}. */
  double squares(Buffer x) {
    double[] parts = new double[Math.ceilDiv(x.length(), STRETCH)];
    stretches(x.length(), 1, (at, n) -> parts[at / STRETCH] = Parameters.squares(data(x), at, n));
    double sum = 0;
    for (double part : parts) {
      sum += part;
    }
    return sum;
  }

  /** Of {@link Gradients#scale}. */
  void scale(Buffer x, float factor) {
    stretches(x.length(), 1, (at, n) -> Parameters.scale(data(x), at, n, factor));
  }

  /** Of {@link Gradients#adam}. */
  void adam(Buffer p, Buffer m, Buffer v, Buffer g, AdamStep step) {
    alike(p, m, v, g);
    Parameters.Adam adam = Parameters.Adam.of(step);
    stretches(p.length(), 8, (at, n) -> adam.step(data(p), data(m), data(v), data(g), at, n));
  }
}
