package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Weights stored in blocks. They are unpacked a stretch of four rows at a time, into memory that
 * stays in the first-level cache, and multiplied from there: taking bits apart and multiplying in
 * one loop is more than the compiler takes into one method. The stretches are short so that memory
 * is read ahead while numbers are multiplied.
 */
record BlockRows() implements Rows {

  /** Columns unpacked at once; whole blocks of every type, and whole vectors. */
  private static final int STRETCH = 512;

  @Override
  public int block() {
    return COUNT;
  }

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    System.arraycopy(x, at, to, start, in);
  }

  @Override
  public void times(CpuMatrix weights, int from, int until, float[] x, float[] out, int at) {
    Product product = new Product(weights, x, out, at);
    int quarter = (until - from) / 4;
    for (int row = from; row < from + quarter; row++) {
      product.rows(row, quarter, 4);
    }
    for (int row = from + 4 * quarter; row < until; row++) {
      product.rows(row, 0, 1);
    }
  }

  @Override
  public void unpack(CpuMatrix w, int row, float[] to, int start) {
    new Unpack(w, w.in()).columns(row, 0, w.in(), to, start);
  }

  /** A product of some rows and one token, with the memory that it needs. */
  private static final class Product {

    private final int in;
    private final float[] x;
    private final float[] out;
    private final int at;
    private final Unpack unpack;
    private final float[] unpacked = new float[4 * STRETCH];
    private final float[] sums = new float[4 * COUNT];

    Product(CpuMatrix weights, float[] x, float[] out, int at) {
      this.in = weights.in();
      this.x = x;
      this.out = out;
      this.at = at;
      this.unpack = new Unpack(weights, STRETCH);
    }

    /** Four rows {@code step} from one another, or a single one. */
    void rows(int row, int step, int count) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < in; i += STRETCH) {
        int n = Math.min(STRETCH, in - i);
        for (int r = 0; r < count; r++) {
          unpack.columns(row + r * step, i, n, unpacked, r * STRETCH);
        }
        if (count == 4) {
          four(i, n - n % COUNT);
        } else {
          one(i, n - n % COUNT);
        }
      }
      for (int r = 0; r < count; r++) {
        float sum = Lanes.sum(sums, r * COUNT);
        for (int i = in - in % COUNT; i < in; i++) {
          sum = Math.fma(unpacked[r * STRETCH + i % STRETCH], x[i], sum);
        }
        out[at + row + r * step] = sum;
      }
    }

    private void four(int from, int n) {
      FloatVector a0 = FloatVector.fromArray(FLOATS, sums, 0);
      FloatVector a1 = FloatVector.fromArray(FLOATS, sums, COUNT);
      FloatVector a2 = FloatVector.fromArray(FLOATS, sums, 2 * COUNT);
      FloatVector a3 = FloatVector.fromArray(FLOATS, sums, 3 * COUNT);
      for (int i = 0; i < n; i += COUNT) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
        a0 = FloatVector.fromArray(FLOATS, unpacked, i).fma(v, a0);
        a1 = FloatVector.fromArray(FLOATS, unpacked, STRETCH + i).fma(v, a1);
        a2 = FloatVector.fromArray(FLOATS, unpacked, 2 * STRETCH + i).fma(v, a2);
        a3 = FloatVector.fromArray(FLOATS, unpacked, 3 * STRETCH + i).fma(v, a3);
      }
      a0.intoArray(sums, 0);
      a1.intoArray(sums, COUNT);
      a2.intoArray(sums, 2 * COUNT);
      a3.intoArray(sums, 3 * COUNT);
    }

    private void one(int from, int n) {
      FloatVector a = FloatVector.fromArray(FLOATS, sums, 0);
      for (int i = 0; i < n; i += COUNT) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
        a = FloatVector.fromArray(FLOATS, unpacked, i).fma(v, a);
      }
      a.intoArray(sums, 0);
    }
  }
}
