package rwkv.probes;

/**
 * The size and shape of a head's state S.
 *
 * @param rms root of the mean square of its numbers
 * @param largest of their absolute values
 * @param drift ‖S − S₋₁‖ / ‖S‖ (Frobenius), S₋₁ being the state one token earlier; 0 of a state of
 *     zeros
 * @param effectiveRank see {@link Spectrum}; not a number of a state that is no matrix
 * @param stableRank likewise
 */
record StateMeasure(
    double rms, double largest, double drift, double effectiveRank, double stableRank) {

  /**
   * Measures.
   *
   * @param now S, {@code [rows, columns]} from {@code at} on
   * @param before S₋₁ likewise
   */
  static StateMeasure of(float[] now, float[] before, int at, int rows, int columns) {
    double squares = 0;
    double moved = 0;
    double largest = 0;
    for (int i = at; i < at + rows * columns; i++) {
      double d = (double) now[i] - before[i];
      squares += (double) now[i] * now[i];
      moved += d * d;
      largest = Math.max(largest, Math.abs(now[i]));
    }
    double rms = Math.sqrt(squares / (rows * columns));
    double drift = squares == 0 ? 0 : Math.sqrt(moved / squares);
    if (rows == 1) {
      return new StateMeasure(rms, largest, drift, Double.NaN, Double.NaN);
    }
    Spectrum spectrum = Spectrum.of(now, at, rows, columns);
    return new StateMeasure(rms, largest, drift, spectrum.effectiveRank(), spectrum.stableRank());
  }
}
