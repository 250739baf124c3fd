package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.CpuKernels.data;
import static rwkv.engine.backend.cpu.CpuKernels.shape;
import static rwkv.engine.backend.cpu.GradientShapes.alike;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Gradients.AdamStep;

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
  double crossEntropy(Buffer dLogits, Buffer logits, int[] targets, double scale, double l2wrap) {
    alike(logits, dLogits);
    int n = logits.channels();
    int counted = check(targets, logits);
    double[] losses = new double[targets.length];
    blocks.run(
        logits,
        CURVE,
        (row, sums, at, room) -> {
          int target = targets[row];
          if (target < 0) {
            Arrays.fill(data(dLogits), row * n, (row + 1) * n, 0);
          } else {
            double factor = scale / counted;
            losses[row] =
                CrossEntropy.row(data(dLogits), data(logits), row * n, n, target, factor, l2wrap);
          }
        });
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return counted == 0 ? 0 : sum / counted;
  }

  /** How many targets are not negative. */
  private static int check(int[] targets, Buffer logits) {
    if (targets.length != logits.rows()) {
      throw new IllegalArgumentException(targets.length + " targets for " + shape(logits));
    }
    int counted = 0;
    for (int target : targets) {
      if (target >= logits.channels()) {
        throw new IllegalArgumentException("target " + target + " for " + shape(logits));
      }
      counted += target < 0 ? 0 : 1;
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
