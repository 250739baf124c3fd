package rwkv.probes;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.naming.OfficialTensors;
import rwkv.engine.naming.Part;
import rwkv.engine.tensor.Tensor;
import rwkv.plugin.ProbeException;

/**
 * What a model would predict if a residual inside it were its last one: head · LN_out(x)
 * (nostalgebraist 2020). The checkpoint must stay open.
 */
final class LogitLens {

  /** The epsilon of every layer norm. */
  private static final double EPS = 1e-5;

  /** Residuals multiplied together, so that a row of the head is unpacked once for them all. */
  private static final int TOGETHER = 64;

  private final Tensor head;
  private final float @Nullable [] headBias;
  private final float[] weight;
  private final float[] bias;
  private final int channels;
  private final int vocabulary;

  LogitLens(Checkpoint checkpoint) {
    Map<String, Part> parts = OfficialTensors.of(checkpoint).parts();
    head = tensor(parts, "head.weight");
    Part added = parts.get("head.bias");
    headBias = added == null ? null : added.tensor().toFloats();
    weight = tensor(parts, "ln_out.weight").toFloats();
    bias = tensor(parts, "ln_out.bias").toFloats();
    channels = weight.length;
    vocabulary = (int) (head.count() / channels);
  }

  private static Tensor tensor(Map<String, Part> parts, String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new ProbeException("the model has no tensor " + name);
    }
    return part.tensor();
  }

  /**
   * Logits of residuals.
   *
   * @param residuals {@code [count][channels]}
   * @return {@code [count][vocabulary]}
   */
  float[][] logits(float[][] residuals) {
    float[][] logits = new float[residuals.length][vocabulary];
    for (int from = 0; from < residuals.length; from += TOGETHER) {
      some(residuals, from, Math.min(TOGETHER, residuals.length - from), logits);
    }
    return logits;
  }

  private void some(float[][] residuals, int from, int count, float[][] logits) {
    float[] columns = new float[channels * count];
    for (int i = 0; i < count; i++) {
      normalise(residuals[from + i], columns, i, count);
    }
    float[] row = new float[channels];
    float[] sums = new float[count];
    for (int token = 0; token < vocabulary; token++) {
      head.read((long) token * channels, channels, row, 0);
      multiply(sums, row, columns, headBias == null ? 0 : headBias[token]);
      for (int i = 0; i < count; i++) {
        logits[from + i][token] = sums[i];
      }
    }
  }

  /** Into column {@code i} of {@code [channels, count]}. */
  private void normalise(float[] x, float[] columns, int i, int count) {
    double mean = 0;
    for (float number : x) {
      mean += number;
    }
    mean /= channels;
    double variance = 0;
    for (float number : x) {
      variance += (number - mean) * (number - mean);
    }
    double scale = 1 / Math.sqrt(variance / channels + EPS);
    for (int c = 0; c < channels; c++) {
      columns[c * count + i] = (float) ((x[c] - mean) * scale * weight[c] + bias[c]);
    }
  }

  /** Channel by channel, over neighbouring sums, so that it is compiled to vectors. */
  private static void multiply(float[] sums, float[] row, float[] columns, float start) {
    int count = sums.length;
    Arrays.fill(sums, start);
    for (int c = 0; c < row.length; c++) {
      float factor = row[c];
      int at = c * count;
      for (int i = 0; i < count; i++) {
        sums[i] += factor * columns[at + i];
      }
    }
  }
}
