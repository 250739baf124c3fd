package rwkv.probes;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * The smallest eigenvalue that each head of an RWKV-7 has multiplied its state with.
 *
 * <p>A token multiplies the state with M = diag(w) − κ̂ (a ⊙ κ̂)ᵀ, whose eigenvalues λ are real.
 * The smallest is the one root of 1 = Σ aᵢ κ̂ᵢ² / (wᵢ − λ) that lies below all w; it is above min w
 * − 1. Where it is below 0 a direction of the state changes its sign, and the order of tokens can
 * matter as it does to permutations.
 */
final class SmallestEigenvalue implements Trace {

  private static final int HALVINGS = 30;

  private final int size;
  private final double[][] smallest;
  private float[] w = {};
  private float[] a = {};

  SmallestEigenvalue(ModelSpec spec, int heads) {
    this.size = spec.channels() / heads;
    this.smallest = new double[spec.layers()][heads];
    for (double[] layer : smallest) {
      Arrays.fill(layer, 1);
    }
  }

  @Override
  public void at(int layer, Site site, Buffer values) {
    switch (site) {
      case W -> w = values.toArray();
      case A -> a = values.toArray();
      case KK -> look(layer, values.toArray());
      default -> {}
    }
  }

  private void look(int layer, float[] kk) {
    int heads = smallest[layer].length;
    for (int at = 0; at < kk.length; at += size) {
      int head = at / size % heads;
      smallest[layer][head] = Math.min(smallest[layer][head], of(w, a, kk, at, size));
    }
  }

  /** Of the matrix that these {@code n} numbers from {@code at} on make. */
  static double of(float[] w, float[] a, float[] kk, int at, int n) {
    double above = Double.POSITIVE_INFINITY;
    double taken = 0;
    for (int i = at; i < at + n; i++) {
      above = Math.min(above, w[i]);
      taken += (double) a[i] * kk[i] * kk[i];
    }
    double below = above - taken;
    for (int step = 0; step < HALVINGS; step++) {
      double middle = (below + above) / 2;
      double sum = 0;
      for (int i = at; i < at + n; i++) {
        sum += a[i] * (double) kk[i] * kk[i] / (w[i] - middle);
      }
      if (sum > 1) {
        above = middle;
      } else {
        below = middle;
      }
    }
    return above;
  }

  /** Of all tokens so far; 1 before the first. */
  double of(int layer, int head) {
    return smallest[layer][head];
  }
}
