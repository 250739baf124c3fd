package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Adds up the chains of {@link Rows}, for as many sums at once as a vector has lanes: halves that
 * are to be added are taken from two vectors each time, so that no lane is idle.
 */
final class Fold {

  private static final VectorMask<Float> UPPER_8 = upper(8);
  private static final VectorMask<Float> UPPER_4 = upper(4);
  private static final VectorMask<Float> UPPER_2 = upper(2);
  private static final VectorMask<Float> UPPER_1 = upper(1);
  private static final VectorShuffle<Float> SWAP_8 = swap(8);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_1 = swap(1);

  private Fold() {}

  private static VectorMask<Float> upper(int half) {
    boolean[] lanes = new boolean[COUNT];
    for (int i = 0; i < COUNT; i++) {
      lanes[i] = (i & half) != 0;
    }
    return VectorMask.fromArray(FLOATS, lanes, 0);
  }

  private static VectorShuffle<Float> swap(int half) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ half) % COUNT);
  }

  /**
   * to[start + i] ← the sum of the chains of sum i.
   *
   * @param sums of sum i the first vector is at {@code at + i · COUNT} and is overwritten, the
   *     other {@code step} further on
   */
  static void fold(float[] sums, int at, int step, float[] to, int start) {
    for (int i = 0; i < COUNT; i++) {
      int here = at + i * COUNT;
      load(sums, here).add(load(sums, here + step)).intoArray(sums, here);
    }
    if (COUNT >= 16) {
      for (int i = 0; i < 8; i++) {
        join(sums, at, i, 8, UPPER_8, SWAP_8).intoArray(sums, at + i * COUNT);
      }
    }
    if (COUNT >= 8) {
      for (int i = 0; i < 4; i++) {
        join(sums, at, i, 4, UPPER_4, SWAP_4).intoArray(sums, at + i * COUNT);
      }
    }
    for (int i = 0; i < 2; i++) {
      join(sums, at, i, 2, UPPER_2, SWAP_2).intoArray(sums, at + i * COUNT);
    }
    join(sums, at, 0, 1, UPPER_1, SWAP_1).intoArray(to, start);
  }

  /** Vector i's halves added up in the lower half, those of vector i + half in the upper. */
  private static FloatVector join(
      float[] sums, int at, int i, int half, VectorMask<Float> upper, VectorShuffle<Float> swap) {
    FloatVector a = load(sums, at + i * COUNT);
    FloatVector b = load(sums, at + (i + half) * COUNT);
    return a.blend(b, upper).add(b.blend(a, upper).rearrange(swap));
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(FLOATS, from, at);
  }
}
