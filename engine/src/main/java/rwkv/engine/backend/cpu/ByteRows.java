package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights stored as Q8_0: blocks of a scale and 32 signed bytes.
 *
 * <p>Eight lanes hold a block as 32-bit words, whose bytes two shifts take out, which is cheaper
 * than widening bytes: column 4·lane + byte stands at 8·byte + lane. Sixteen lanes widen half a
 * block, and columns stay where they are.
 */
record ByteRows() implements Rows {

  private static final int BLOCK = 32;
  private static final long BLOCK_BYTES = 34;
  private static final boolean WORDS = COUNT == 8;

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    if (!WORDS) {
      System.arraycopy(x, at, to, start, in);
      return;
    }
    for (int block = 0; block < in; block += BLOCK) {
      for (int i = 0; i < BLOCK; i++) {
        to[start + block + i % 4 * COUNT + i / 4] = x[at + block + i];
      }
    }
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
    if (WORDS) {
      addWords(w.data(), from, x, column, count, sums, at);
    } else {
      addBytes(w.data(), from, x, column, count, sums, at);
    }
  }

  private static void addWords(
      MemorySegment m, long from, float[] x, int column, int count, float[] sums, int at) {
    FloatVector a0 = load(sums, at);
    FloatVector a1 = load(sums, at + COUNT);
    FloatVector a2 = load(sums, at + 2 * COUNT);
    FloatVector a3 = load(sums, at + 3 * COUNT);
    int blocks = count / BLOCK;
    for (int b = 0; b < blocks; b++) {
      long o = from + b * BLOCK_BYTES;
      int c = column + b * BLOCK;
      FloatVector d = scale(m, o);
      IntVector words = Lanes.words(m, o + 2);
      a0 = byteOf(words, 0).mul(d).fma(load(x, c), a0);
      a1 = byteOf(words, 1).mul(d).fma(load(x, c + COUNT), a1);
      a2 = byteOf(words, 2).mul(d).fma(load(x, c + 2 * COUNT), a2);
      a3 = byteOf(words, 3).mul(d).fma(load(x, c + 3 * COUNT), a3);
    }
    a0.intoArray(sums, at);
    a1.intoArray(sums, at + COUNT);
    a2.intoArray(sums, at + 2 * COUNT);
    a3.intoArray(sums, at + 3 * COUNT);
  }

  private static void addBytes(
      MemorySegment m, long from, float[] x, int column, int count, float[] sums, int at) {
    FloatVector a0 = load(sums, at);
    FloatVector a1 = load(sums, at + COUNT);
    FloatVector a2 = load(sums, at + 2 * COUNT);
    FloatVector a3 = load(sums, at + 3 * COUNT);
    int pairs = count / CHAINS;
    for (int b = 0; b < pairs; b++) {
      long o = from + b * (2 * BLOCK_BYTES);
      int c = column + b * CHAINS;
      FloatVector d = scale(m, o);
      a0 = Lanes.signedBytes(m, o + 2).mul(d).fma(load(x, c), a0);
      a1 = Lanes.signedBytes(m, o + 2 + COUNT).mul(d).fma(load(x, c + COUNT), a1);
      d = scale(m, o + BLOCK_BYTES);
      a2 = Lanes.signedBytes(m, o + 36).mul(d).fma(load(x, c + 2 * COUNT), a2);
      a3 = Lanes.signedBytes(m, o + 36 + COUNT).mul(d).fma(load(x, c + 3 * COUNT), a3);
    }
    a0.intoArray(sums, at);
    a1.intoArray(sums, at + COUNT);
    a2.intoArray(sums, at + 2 * COUNT);
    a3.intoArray(sums, at + 3 * COUNT);
  }

  @Override
  public void unpack(CpuMatrix w, long from, int count, float[] to, int start) {
    MemorySegment m = w.data();
    int blocks = count / BLOCK;
    for (int b = 0; b < blocks; b++) {
      long o = from + b * BLOCK_BYTES;
      int c = start + b * BLOCK;
      FloatVector d = scale(m, o);
      if (WORDS) {
        IntVector words = Lanes.words(m, o + 2);
        byteOf(words, 0).mul(d).intoArray(to, c);
        byteOf(words, 1).mul(d).intoArray(to, c + COUNT);
        byteOf(words, 2).mul(d).intoArray(to, c + 2 * COUNT);
        byteOf(words, 3).mul(d).intoArray(to, c + 3 * COUNT);
      } else {
        Lanes.signedBytes(m, o + 2).mul(d).intoArray(to, c);
        Lanes.signedBytes(m, o + 2 + COUNT).mul(d).intoArray(to, c + COUNT);
      }
    }
  }

  private static FloatVector scale(MemorySegment m, long at) {
    return FloatVector.broadcast(FLOATS, Lanes.half(m, at));
  }

  /** Byte {@code i} of every 32-bit lane, from −128 to 127. */
  private static FloatVector byteOf(IntVector words, int i) {
    IntVector high = i == 3 ? words : words.lanewise(VectorOperators.LSHL, 24 - 8 * i);
    return Lanes.floats(high.lanewise(VectorOperators.ASHR, 24));
  }
}
