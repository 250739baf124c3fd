package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights stored as Q4_0 or Q4_1: blocks of a scale, with Q4_1 a minimum, and sixteen bytes, whose
 * lower halves are the first sixteen columns and whose upper halves the others.
 *
 * <p>Two vectors of bytes, {@code p} and {@code q}, are taken apart at a time: a block with eight
 * lanes, two blocks with sixteen.
 */
record NibbleRows(boolean minimum) implements Rows {

  private static final int BLOCK = 32;
  private static final boolean TWO_BLOCKS = COUNT == 16;

  /** Where the columns of q's lower, p's upper and q's upper halves begin. */
  private static final int Q_LOW = TWO_BLOCKS ? 2 * COUNT : COUNT;

  private static final int P_HIGH = TWO_BLOCKS ? COUNT : 2 * COUNT;
  private static final int Q_HIGH = 3 * COUNT;

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    System.arraycopy(x, at, to, start, in);
  }

  @Override
  public void add(
      CpuMatrix w,
      long from,
      float[] x,
      int column,
      int count,
      float[] sums,
      int at,
      float[] room) {
    if (minimum) {
      addWithMinimum(w.data(), from, x, column, count, sums, at);
    } else {
      addCentred(w.data(), from, x, column, count, sums, at);
    }
  }

  private static void addCentred(
      MemorySegment m, long from, float[] x, int column, int count, float[] sums, int at) {
    FloatVector p0 = load(sums, at);
    FloatVector q0 = load(sums, at + Q_LOW);
    FloatVector p1 = load(sums, at + P_HIGH);
    FloatVector q1 = load(sums, at + Q_HIGH);
    int steps = count / CHAINS;
    for (int i = 0; i < steps; i++) {
      long o = from + i * (TWO_BLOCKS ? 36L : 18L);
      int c = column + i * CHAINS;
      float d = Lanes.half(m, o);
      FloatVector scale = FloatVector.broadcast(FLOATS, d);
      FloatVector zero = FloatVector.broadcast(FLOATS, -8 * d);
      IntVector p = Lanes.bytes(m, o + 2);
      p0 = low(p).fma(scale, zero).fma(load(x, c), p0);
      p1 = high(p).fma(scale, zero).fma(load(x, c + P_HIGH), p1);
      if (TWO_BLOCKS) {
        d = Lanes.half(m, o + 18);
        scale = FloatVector.broadcast(FLOATS, d);
        zero = FloatVector.broadcast(FLOATS, -8 * d);
      }
      IntVector q = Lanes.bytes(m, o + (TWO_BLOCKS ? 20 : 2 + COUNT));
      q0 = low(q).fma(scale, zero).fma(load(x, c + Q_LOW), q0);
      q1 = high(q).fma(scale, zero).fma(load(x, c + Q_HIGH), q1);
    }
    p0.intoArray(sums, at);
    q0.intoArray(sums, at + Q_LOW);
    p1.intoArray(sums, at + P_HIGH);
    q1.intoArray(sums, at + Q_HIGH);
  }

  private static void addWithMinimum(
      MemorySegment m, long from, float[] x, int column, int count, float[] sums, int at) {
    FloatVector p0 = load(sums, at);
    FloatVector q0 = load(sums, at + Q_LOW);
    FloatVector p1 = load(sums, at + P_HIGH);
    FloatVector q1 = load(sums, at + Q_HIGH);
    int steps = count / CHAINS;
    for (int i = 0; i < steps; i++) {
      long o = from + i * (TWO_BLOCKS ? 40L : 20L);
      int c = column + i * CHAINS;
      FloatVector scale = FloatVector.broadcast(FLOATS, Lanes.half(m, o));
      FloatVector zero = FloatVector.broadcast(FLOATS, Lanes.half(m, o + 2));
      IntVector p = Lanes.bytes(m, o + 4);
      p0 = low(p).fma(scale, zero).fma(load(x, c), p0);
      p1 = high(p).fma(scale, zero).fma(load(x, c + P_HIGH), p1);
      if (TWO_BLOCKS) {
        scale = FloatVector.broadcast(FLOATS, Lanes.half(m, o + 20));
        zero = FloatVector.broadcast(FLOATS, Lanes.half(m, o + 22));
      }
      IntVector q = Lanes.bytes(m, o + (TWO_BLOCKS ? 24 : 4 + COUNT));
      q0 = low(q).fma(scale, zero).fma(load(x, c + Q_LOW), q0);
      q1 = high(q).fma(scale, zero).fma(load(x, c + Q_HIGH), q1);
    }
    p0.intoArray(sums, at);
    q0.intoArray(sums, at + Q_LOW);
    p1.intoArray(sums, at + P_HIGH);
    q1.intoArray(sums, at + Q_HIGH);
  }

  @Override
  public void unpack(CpuMatrix w, long from, int count, float[] to, int start) {
    MemorySegment m = w.data();
    int blocks = count / BLOCK;
    int head = minimum ? 4 : 2;
    for (int b = 0; b < blocks; b++) {
      long o = from + b * (16L + head);
      float d = Lanes.half(m, o);
      FloatVector scale = FloatVector.broadcast(FLOATS, d);
      FloatVector zero = FloatVector.broadcast(FLOATS, minimum ? Lanes.half(m, o + 2) : -8 * d);
      for (int i = 0; i < BLOCK / 2; i += COUNT) {
        IntVector p = Lanes.bytes(m, o + head + i);
        low(p).fma(scale, zero).intoArray(to, start + b * BLOCK + i);
        high(p).fma(scale, zero).intoArray(to, start + b * BLOCK + BLOCK / 2 + i);
      }
    }
  }

  private static FloatVector low(IntVector bytes) {
    return Lanes.floats(bytes.and(15));
  }

  private static FloatVector high(IntVector bytes) {
    return Lanes.floats(bytes.lanewise(VectorOperators.LSHR, 4));
  }
}
