package rwkv.engine.backend.cpu;

/** What the reference does with a text's rows: RWKV-7b's attention as its formula reads. */
final class ReferenceText {

  private ReferenceText() {}

  /**
   * One token over rows 0 to {@code rows}−1 of one sequence.
   *
   * @param at where the token's channels begin in {@code out}
   * @param query where they begin in {@code q}
   */
  static void attend(
      float[] out,
      int at,
      float[] q,
      int query,
      CpuHistory keys,
      CpuHistory values,
      int sequence,
      int rows) {
    double[] weights = new double[rows];
    double sum = 0;
    for (int s = 0; s < rows; s++) {
      double dot = 0;
      for (int c = 0; c < keys.channels(); c++) {
        dot += (double) q[query + c] * keys.data(sequence)[s * keys.channels() + c];
      }
      weights[s] = Math.exp(Attention.CAP * (Math.tanh(dot * Attention.SCALE) - 1));
      sum += weights[s];
    }
    for (int c = 0; c < values.channels(); c++) {
      double mean = 0;
      for (int s = 0; s < rows; s++) {
        mean += weights[s] / sum * values.data(sequence)[s * values.channels() + c];
      }
      out[at + c] = (float) mean;
    }
  }
}
