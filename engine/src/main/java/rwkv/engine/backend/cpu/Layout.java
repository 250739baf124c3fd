package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * How the columns of a matrix are cut up for products with many tokens.
 *
 * <p>A sum runs in {@link Rows#CHAINS} chains, two vectors of them ({@link Rows}). Each of these
 * parts meets every other vector of the columns and has nothing to do with the other, so products
 * are worked out part by part, each with half of the columns. A part's vectors are further cut into
 * stretches, of which those of a few weight rows stay in the first-level cache.
 *
 * @param in columns
 */
record Layout(int in) {

  static final int PARTS = Rows.CHAINS / COUNT;

  /** Vectors of a part in a stretch, at most: those of six rows fill half a first-level cache. */
  private static final int STRETCH = 768 / COUNT;

  /** Columns that fill whole units; the rest is added one by one. */
  int bound() {
    return Rows.bound(in);
  }

  int rest() {
    return in - bound();
  }

  /** Vectors of one row and one part. */
  int vectors() {
    return bound() / Rows.CHAINS;
  }

  int stretches() {
    return Math.ceilDiv(vectors(), STRETCH);
  }

  /** The first vector of a stretch; they are of nearly the same length. */
  int start(int stretch) {
    return (int) ((long) vectors() * stretch / stretches());
  }

  /** Takes one part's vectors out of a row, and lays them out {@code step} numbers apart. */
  static void spread(float[] row, int at, float[] to, int start, int step, int vectors) {
    int target = start;
    for (int i = at; i < at + vectors * Rows.CHAINS; i += Rows.CHAINS) {
      FloatVector.fromArray(FLOATS, row, i).intoArray(to, target);
      target += step;
    }
  }
}
