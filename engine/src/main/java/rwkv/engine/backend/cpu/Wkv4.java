package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * RWKV-4's recurrence, channel by channel. One of the two exponents of each line is always zero, so
 * a token costs two exponentials for every channel.
 *
 * @param a numerator of every sequence and channel
 * @param b denominator
 * @param p exponent of both
 * @param w natural logarithm of the decay
 * @param u bonus
 */
record Wkv4(
    float[] y,
    float[] a,
    float[] b,
    float[] p,
    float[] w,
    float[] u,
    float[] k,
    float[] v,
    int channels) {

  /** Channels that are stepped as one piece of work. */
  static final int BLOCK = 64;

  private static final FloatVector ZERO = FloatVector.zero(Lanes.FLOATS);
  private static final FloatVector ONE = FloatVector.broadcast(Lanes.FLOATS, 1);

  /**
   * Exponents of what is read (the first half) and of what is written (the second), from a block's
   * first channel on: how far this token's are above the state's, and e to minus their size.
   */
  private record Exponents(float[] ahead, float[] size, float[] smaller) {
    Exponents() {
      this(new float[2 * BLOCK], new float[2 * BLOCK], new float[2 * BLOCK]);
    }

    void set(int i, float value) {
      ahead[i] = value;
      size[i] = Math.abs(value);
    }

    float past(int i) {
      return ahead[i] > 0 ? smaller[i] : 1;
    }

    float now(int i) {
      return ahead[i] > 0 ? 1 : smaller[i];
    }

    FloatVector pasts(int i) {
      return ONE.blend(load(smaller, i), load(ahead, i).compare(VectorOperators.GT, ZERO));
    }

    FloatVector nows(int i) {
      return load(smaller, i).blend(ONE, load(ahead, i).compare(VectorOperators.GT, ZERO));
    }
  }

  /** Steps at most {@link #BLOCK} channels of one sequence over its tokens. */
  void steps(int sequence, int time, int from, int until) {
    Exponents e = new Exponents();
    for (int t = 0; t < time; t++) {
      int i = (sequence * time + t) * channels + from;
      int s = sequence * channels + from;
      exponents(i, s, from, until - from, e);
      Curves.decline(e.smaller, e.size, 0, 2 * BLOCK);
      step(i, s, until - from, e);
    }
  }

  /** All exponents of a token; p ← the new one. */
  private void exponents(int i, int s, int c, int n, Exponents e) {
    for (int j = 0; j < n; j++) {
      e.set(j, u[c + j] + k[i + j] - p[s + j]);
      float decayed = p[s + j] + w[c + j];
      e.set(BLOCK + j, k[i + j] - decayed);
      p[s + j] = Math.max(decayed, k[i + j]);
    }
  }

  private void step(int i, int s, int n, Exponents e) {
    int bound = n - n % COUNT;
    for (int j = 0; j < bound; j += COUNT) {
      FloatVector value = load(v, i + j);
      FloatVector past = e.pasts(j);
      FloatVector now = e.nows(j);
      FloatVector numerator = past.mul(load(a, s + j)).add(now.mul(value));
      numerator.div(past.mul(load(b, s + j)).add(now)).intoArray(y, i + j);
      past = e.pasts(BLOCK + j);
      now = e.nows(BLOCK + j);
      past.mul(load(a, s + j)).add(now.mul(value)).intoArray(a, s + j);
      past.mul(load(b, s + j)).add(now).intoArray(b, s + j);
    }
    for (int j = bound; j < n; j++) {
      float past = e.past(j);
      float now = e.now(j);
      y[i + j] = (past * a[s + j] + now * v[i + j]) / (past * b[s + j] + now);
      past = e.past(BLOCK + j);
      now = e.now(BLOCK + j);
      a[s + j] = past * a[s + j] + now * v[i + j];
      b[s + j] = past * b[s + j] + now;
    }
  }

  private static FloatVector load(float[] numbers, int at) {
    return FloatVector.fromArray(Lanes.FLOATS, numbers, at);
  }
}
