package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * RWKV-7b's attention of one token over the rows of its text: scores, their softmax, and the mean
 * of the values. Every score and every channel of the mean is summed in one order, so scores and
 * channels can be shared out in any way.
 *
 * @param q where the token's query lies in {@code queries}
 * @param weights as many as the rows it sees
 */
record Attention(float[] queries, int q, float[] keys, float[] values, float[] weights, int width) {

  static final float CAP = 64;
  static final float SCALE = 1f / 1024;

  /** weights[s] ← 64 tanh(q·k_s / 1024) for rows {@code from} to {@code until}. */
  void score(int from, int until) {
    for (int s = from; s < until; s++) {
      weights[s] = (float) (CAP * Math.tanh(dot(s * width) * SCALE));
    }
  }

  private float dot(int k) {
    int bound = width - width % COUNT;
    FloatVector lanes = FloatVector.zero(FLOATS);
    for (int c = 0; c < bound; c += COUNT) {
      lanes =
          FloatVector.fromArray(FLOATS, queries, q + c)
              .fma(FloatVector.fromArray(FLOATS, keys, k + c), lanes);
    }
    float sum = Lanes.sum(lanes);
    for (int c = bound; c < width; c++) {
      sum = Math.fma(queries[q + c], keys[k + c], sum);
    }
    return sum;
  }

  /** weights ← softmax(weights) */
  void softmax() {
    float most = Float.NEGATIVE_INFINITY;
    for (float score : weights) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (int s = 0; s < weights.length; s++) {
      weights[s] = (float) Math.exp(weights[s] - most);
      sum += weights[s];
    }
    float scale = (float) (1 / sum);
    for (int s = 0; s < weights.length; s++) {
      weights[s] *= scale;
    }
  }

  /** out[at + c] ← Σ_s weights[s] v_s[c] for channels {@code from} to {@code until}. */
  void mean(float[] out, int at, int channels, int from, int until) {
    int c = from;
    for (; c + COUNT <= until; c += COUNT) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int s = 0; s < weights.length; s++) {
        sum = FloatVector.fromArray(FLOATS, values, s * channels + c).fma(weightOf(s), sum);
      }
      sum.intoArray(out, at + c);
    }
    for (; c < until; c++) {
      float sum = 0;
      for (int s = 0; s < weights.length; s++) {
        sum = Math.fma(values[s * channels + c], weights[s], sum);
      }
      out[at + c] = sum;
    }
  }

  private FloatVector weightOf(int s) {
    return FloatVector.broadcast(FLOATS, weights[s]);
  }
}
