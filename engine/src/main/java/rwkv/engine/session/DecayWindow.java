package rwkv.engine.session;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * The decays of the last tokens, every layer and channel, kept as the model computes them. Of a
 * model whose decays are the same at every token there is one for every pass.
 */
final class DecayWindow implements Trace {

  /** Tokens kept. */
  static final int TOKENS = 64;

  /** Decays multiplied before a logarithm is taken: so many of the smallest fit a double. */
  private static final int TOGETHER = 8;

  private final int channels;
  private final float[][] rings;
  private final int[] counts;
  private final int[] kept;

  DecayWindow(int layers, int channels) {
    this.channels = channels;
    this.rings = new float[layers][TOKENS * channels];
    this.counts = new int[layers];
    this.kept = new int[layers];
  }

  @Override
  public void at(int layer, Site site, Buffer values) {
    if (site != Site.W) {
      return;
    }
    int time = values.time();
    for (int t = Math.max(0, time - TOKENS); t < time; t++) {
      int slot = counts[layer]++ % TOKENS;
      kept[layer] = Math.min(TOKENS, kept[layer] + 1);
      values.read(t * channels, rings[layer], slot * channels, channels);
    }
  }

  /** Another one that holds the same. */
  DecayWindow copy() {
    DecayWindow other = new DecayWindow(rings.length, channels);
    for (int layer = 0; layer < rings.length; layer++) {
      other.rings[layer] = rings[layer].clone();
    }
    System.arraycopy(counts, 0, other.counts, 0, counts.length);
    System.arraycopy(kept, 0, other.kept, 0, kept.length);
    return other;
  }

  void clear() {
    Arrays.fill(counts, 0);
    Arrays.fill(kept, 0);
  }

  /** Forgets the last tokens. */
  void drop(int tokens) {
    for (int layer = 0; layer < counts.length; layer++) {
      int gone = Math.min(tokens, kept[layer]);
      counts[layer] -= gone;
      kept[layer] -= gone;
    }
  }

  /** How many tokens it holds. */
  int size() {
    return kept[0];
  }

  /** The last token's decays of a layer. */
  void last(int layer, float[] into) {
    if (kept[layer] > 0) {
      int slot = (counts[layer] - 1) % TOKENS;
      System.arraycopy(rings[layer], slot * channels, into, 0, channels);
    }
  }

  /** The mean of ln w over the tokens it holds, for every channel of a layer. */
  void meanLog(int layer, float[] into) {
    int size = size();
    int first = counts[layer] - size;
    for (int c = 0; c < channels; c++) {
      double product = 1;
      for (int t = 0; t < size; t++) {
        product *= rings[layer][(first + t) % TOKENS * channels + c];
      }
      into[c] = size == 0 ? 0 : (float) (Math.log(product) / size);
    }
  }

  /** Some channels of the token {@code index} places after the oldest. */
  void read(int layer, int index, int channel, float[] into) {
    int slot = (counts[layer] - size() + index) % TOKENS;
    System.arraycopy(rings[layer], slot * channels + channel, into, 0, into.length);
  }
}
