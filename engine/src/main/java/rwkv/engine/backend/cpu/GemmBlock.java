package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of {@link Gemm}: six rows by two vectors of columns, whose twelve running
 * sums, the two vectors and what they are multiplied with are the registers of a CPU with 256-bit
 * vectors.
 */
final class GemmBlock {

  static final int ROWS = 6;
  static final int COLUMNS = 2 * COUNT;

  private GemmBlock() {}

  /**
   * sums[row][column] ← Σ a[i][row] · b[i][column] over i in order, from 0 to {@code depth} − 1.
   *
   * <p>In the middle two sums are written that are not complete: the compiler takes no load ahead
   * of a store, and would otherwise load all rows at once and run out of registers.
   *
   * @param a {@code [depth, ROWS]} from {@code aAt}
   * @param b {@code [depth, COLUMNS]} from {@code bAt}
   * @param sums {@code [ROWS, COLUMNS]} from 0
   */
  static void multiply(float[] a, int aAt, float[] b, int bAt, int depth, float[] sums) {
    FloatVector p0 = FloatVector.zero(FLOATS);
    FloatVector p1 = p0;
    FloatVector p2 = p0;
    FloatVector p3 = p0;
    FloatVector p4 = p0;
    FloatVector p5 = p0;
    FloatVector q0 = p0;
    FloatVector q1 = p0;
    FloatVector q2 = p0;
    FloatVector q3 = p0;
    FloatVector q4 = p0;
    FloatVector q5 = p0;
    for (int i = 0; i < depth; i++) {
      int j = bAt + i * COLUMNS;
      int k = aAt + i * ROWS;
      FloatVector p = FloatVector.fromArray(FLOATS, b, j);
      FloatVector q = FloatVector.fromArray(FLOATS, b, j + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[k]);
      p0 = x.fma(p, p0);
      q0 = x.fma(q, q0);
      x = FloatVector.broadcast(FLOATS, a[k + 1]);
      p1 = x.fma(p, p1);
      q1 = x.fma(q, q1);
      q1.intoArray(sums, COLUMNS + COUNT);
      x = FloatVector.broadcast(FLOATS, a[k + 2]);
      p2 = x.fma(p, p2);
      q2 = x.fma(q, q2);
      x = FloatVector.broadcast(FLOATS, a[k + 3]);
      p3 = x.fma(p, p3);
      q3 = x.fma(q, q3);
      q3.intoArray(sums, 3 * COLUMNS + COUNT);
      x = FloatVector.broadcast(FLOATS, a[k + 4]);
      p4 = x.fma(p, p4);
      q4 = x.fma(q, q4);
      x = FloatVector.broadcast(FLOATS, a[k + 5]);
      p5 = x.fma(p, p5);
      q5 = x.fma(q, q5);
    }
    p0.intoArray(sums, 0);
    q0.intoArray(sums, COUNT);
    p1.intoArray(sums, COLUMNS);
    q1.intoArray(sums, COLUMNS + COUNT);
    p2.intoArray(sums, 2 * COLUMNS);
    q2.intoArray(sums, 2 * COLUMNS + COUNT);
    p3.intoArray(sums, 3 * COLUMNS);
    q3.intoArray(sums, 3 * COLUMNS + COUNT);
    p4.intoArray(sums, 4 * COLUMNS);
    q4.intoArray(sums, 4 * COLUMNS + COUNT);
    p5.intoArray(sums, 5 * COLUMNS);
    q5.intoArray(sums, 5 * COLUMNS + COUNT);
  }
}
