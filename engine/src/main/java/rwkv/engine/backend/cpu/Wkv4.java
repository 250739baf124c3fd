package rwkv.engine.backend.cpu;

/**
 * RWKV-4's recurrence, channel by channel. One of the two exponents of each line is always zero, so
 * a token costs two exponentials for every channel; {@link Math#exp} in double, as nothing else is
 * the same compiled and interpreted.
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

  /** Steps some channels of one sequence over its tokens. */
  void steps(int sequence, int time, int from, int until) {
    for (int t = 0; t < time; t++) {
      int row = (sequence * time + t) * channels;
      for (int c = from; c < until; c++) {
        step(row + c, sequence * channels + c, c);
      }
    }
  }

  private void step(int i, int s, int c) {
    float key = k[i];
    float value = v[i];
    float exponent = p[s];

    float ahead = u[c] + key - exponent;
    float smaller = (float) Math.exp(-Math.abs(ahead));
    float past = ahead > 0 ? smaller : 1;
    float now = ahead > 0 ? 1 : smaller;
    y[i] = (past * a[s] + now * value) / (past * b[s] + now);

    float decayed = exponent + w[c];
    ahead = key - decayed;
    smaller = (float) Math.exp(-Math.abs(ahead));
    past = ahead > 0 ? smaller : 1;
    now = ahead > 0 ? 1 : smaller;
    a[s] = past * a[s] + now * value;
    b[s] = past * b[s] + now;
    p[s] = Math.max(decayed, key);
  }
}
