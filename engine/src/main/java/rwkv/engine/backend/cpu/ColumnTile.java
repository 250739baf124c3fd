package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums of unpacked columns, each lane an out, and each sum in the order of the columns. All but the
 * inputs lies in native memory.
 */
final class ColumnTile {

  /** Columns that are added at once. */
  static final int COLUMNS = 4;

  private static final long STEP = 4L * COUNT;

  private ColumnTile() {}

  /** sums ← sums + Σ x · column of {@code count} outs of four f32 columns, in their order. */
  static void add(long sums, int count, ColumnRoom room, long offset) {
    FloatVector a = FloatVector.broadcast(FLOATS, room.x[0]);
    FloatVector b = FloatVector.broadcast(FLOATS, room.x[1]);
    FloatVector c = FloatVector.broadcast(FLOATS, room.x[2]);
    FloatVector d = FloatVector.broadcast(FLOATS, room.x[3]);
    long p = room.addresses[0] + offset;
    long q = room.addresses[1] + offset;
    long r = room.addresses[2] + offset;
    long s = room.addresses[3] + offset;
    for (int i = 0; i < count; i += COUNT) {
      FloatVector sum = Native.floats(sums + 4L * i);
      sum = Native.floats(p + 4L * i).fma(a, sum);
      sum = Native.floats(q + 4L * i).fma(b, sum);
      sum = Native.floats(r + 4L * i).fma(c, sum);
      sum = Native.floats(s + 4L * i).fma(d, sum);
      Native.put(sums + 4L * i, sum);
    }
  }

  /** The same of columns of bf16 as {@link PlainColumns} has them. */
  static void addBf16(long sums, int count, ColumnRoom room, long offset) {
    FloatVector a = FloatVector.broadcast(FLOATS, room.x[0]);
    FloatVector b = FloatVector.broadcast(FLOATS, room.x[1]);
    FloatVector c = FloatVector.broadcast(FLOATS, room.x[2]);
    FloatVector d = FloatVector.broadcast(FLOATS, room.x[3]);
    long p = room.addresses[0] + offset;
    long q = room.addresses[1] + offset;
    long r = room.addresses[2] + offset;
    long s = room.addresses[3] + offset;
    for (int i = 0; i < count; i += 2 * COUNT) {
      FloatVector low = Native.floats(sums + 4L * i);
      FloatVector high = Native.floats(sums + 4L * i + STEP);
      IntVector pairs = Native.ints(p + 2L * i);
      low = Lanes.lowBf16(pairs).fma(a, low);
      high = Lanes.highBf16(pairs).fma(a, high);
      pairs = Native.ints(q + 2L * i);
      low = Lanes.lowBf16(pairs).fma(b, low);
      high = Lanes.highBf16(pairs).fma(b, high);
      pairs = Native.ints(r + 2L * i);
      low = Lanes.lowBf16(pairs).fma(c, low);
      high = Lanes.highBf16(pairs).fma(c, high);
      pairs = Native.ints(s + 2L * i);
      low = Lanes.lowBf16(pairs).fma(d, low);
      high = Lanes.highBf16(pairs).fma(d, high);
      Native.put(sums + 4L * i, low);
      Native.put(sums + 4L * i + STEP, high);
    }
  }

  /** The same of columns of f16; two and two, as four are more than the compiler takes. */
  static void addF16(long sums, int count, ColumnRoom room, long offset) {
    addTwoF16(sums, count, room, offset, 0);
    addTwoF16(sums, count, room, offset, 2);
  }

  private static void addTwoF16(long sums, int count, ColumnRoom room, long offset, int k) {
    FloatVector a = FloatVector.broadcast(FLOATS, room.x[k]);
    FloatVector b = FloatVector.broadcast(FLOATS, room.x[k + 1]);
    long p = room.addresses[k] + offset;
    long q = room.addresses[k + 1] + offset;
    for (int i = 0; i < count; i += 2 * COUNT) {
      FloatVector low = Native.floats(sums + 4L * i);
      FloatVector high = Native.floats(sums + 4L * i + STEP);
      IntVector pairs = Native.ints(p + 2L * i);
      low = Lanes.lowF16(pairs).fma(a, low);
      high = Lanes.highF16(pairs).fma(a, high);
      pairs = Native.ints(q + 2L * i);
      low = Lanes.lowF16(pairs).fma(b, low);
      high = Lanes.highF16(pairs).fma(b, high);
      Native.put(sums + 4L * i, low);
      Native.put(sums + 4L * i + STEP, high);
    }
  }

  /** The same of a run of columns of bytes; scales and zeros are the room's. */
  static void addBytes(long sums, int count, ColumnRoom room, long offset) {
    for (int i = 0; i < count; i += 4 * COUNT) {
      addFour(sums, i, room, offset + i, 0, 8, 255);
    }
  }

  /** The same of a run of columns of four bits. */
  static void addNibbles(long sums, int count, ColumnRoom room, long offset) {
    for (int i = 0; i < count; i += 8 * COUNT) {
      addFour(sums, i, room, offset + i / 2, 0, 4, 15);
      addFour(sums, i + 4 * COUNT, room, offset + i / 2, 16, 4, 15);
    }
  }

  /**
   * Four vectors of outs from {@code i} on, whose sums stay in registers over all columns of the
   * run. Their codes are parts of one vector at {@code offset} in each column, the first {@code
   * shift} bits up, each {@code bits} from the one before.
   */
  private static void addFour(
      long sums, int i, ColumnRoom room, long offset, int shift, int bits, int mask) {
    long to = sums + 4L * i;
    long s = room.scales + 4L * i;
    long z = room.zeros + 4L * i;
    FloatVector scale0 = Native.floats(s);
    FloatVector scale1 = Native.floats(s + STEP);
    FloatVector scale2 = Native.floats(s + 2 * STEP);
    FloatVector scale3 = Native.floats(s + 3 * STEP);
    FloatVector zero0 = Native.floats(z);
    FloatVector zero1 = Native.floats(z + STEP);
    FloatVector zero2 = Native.floats(z + 2 * STEP);
    FloatVector zero3 = Native.floats(z + 3 * STEP);
    FloatVector sum0 = Native.floats(to);
    FloatVector sum1 = Native.floats(to + STEP);
    FloatVector sum2 = Native.floats(to + 2 * STEP);
    FloatVector sum3 = Native.floats(to + 3 * STEP);
    long[] addresses = room.addresses;
    float[] inputs = room.x;
    for (int k = 0; k < room.count; k++) {
      FloatVector x = FloatVector.broadcast(FLOATS, inputs[k]);
      IntVector codes = Native.ints(addresses[k] + offset).lanewise(VectorOperators.LSHR, shift);
      sum0 = Lanes.floats(codes.and(mask)).fma(scale0, zero0).fma(x, sum0);
      codes = codes.lanewise(VectorOperators.LSHR, bits);
      sum1 = Lanes.floats(codes.and(mask)).fma(scale1, zero1).fma(x, sum1);
      codes = codes.lanewise(VectorOperators.LSHR, bits);
      sum2 = Lanes.floats(codes.and(mask)).fma(scale2, zero2).fma(x, sum2);
      codes = codes.lanewise(VectorOperators.LSHR, bits);
      sum3 = Lanes.floats(codes.and(mask)).fma(scale3, zero3).fma(x, sum3);
    }
    Native.put(to, sum0);
    Native.put(to + STEP, sum1);
    Native.put(to + 2 * STEP, sum2);
    Native.put(to + 3 * STEP, sum3);
  }

  /**
   * sums ← sums + x · tile for all tokens, over the columns of the tile that their lists name.
   *
   * @param sums {@code [tokens, width]}
   * @param tile {@code [columns, width]}
   * @param number of the tile among those of the inputs
   */
  static void multiply(long sums, long tile, int width, int number, ColumnLists lists) {
    byte[] columns = lists.columns();
    float[] x = lists.inputs();
    for (int group = 0; group < lists.groups(); group++) {
      int token = lists.token(group);
      int start = lists.start(group, number);
      int end = start + lists.count(group, number);
      long to = sums + 4L * token * width;
      if (start == end) {
        continue;
      }
      if (lists.isFour(group)) {
        for (int v = 0; v < width; v += 2 * COUNT) {
          four(to + 4L * v, 4L * width, tile + 4L * v, columns, start, end, x);
        }
      } else {
        for (int v = 0; v < width; v += 4 * COUNT) {
          one(to + 4L * v, 4L * width, tile + 4L * v, columns, start, end, x);
        }
      }
    }
  }

  /** Four tokens by two vectors of outs; {@code row} bytes from a token or a column to the next. */
  private static void four(
      long sums, long row, long tile, byte[] columns, int start, int end, float[] x) {
    FloatVector a0 = Native.floats(sums);
    FloatVector b0 = Native.floats(sums + STEP);
    FloatVector a1 = Native.floats(sums + row);
    FloatVector b1 = Native.floats(sums + row + STEP);
    FloatVector a2 = Native.floats(sums + 2 * row);
    FloatVector b2 = Native.floats(sums + 2 * row + STEP);
    FloatVector a3 = Native.floats(sums + 3 * row);
    FloatVector b3 = Native.floats(sums + 3 * row + STEP);
    for (int c = start; c < end; c++) {
      long w = tile + columns[c] * row;
      FloatVector a = Native.floats(w);
      FloatVector b = Native.floats(w + STEP);
      FloatVector y = FloatVector.broadcast(FLOATS, x[4 * c]);
      a0 = a.fma(y, a0);
      b0 = b.fma(y, b0);
      y = FloatVector.broadcast(FLOATS, x[4 * c + 1]);
      a1 = a.fma(y, a1);
      b1 = b.fma(y, b1);
      y = FloatVector.broadcast(FLOATS, x[4 * c + 2]);
      a2 = a.fma(y, a2);
      b2 = b.fma(y, b2);
      y = FloatVector.broadcast(FLOATS, x[4 * c + 3]);
      a3 = a.fma(y, a3);
      b3 = b.fma(y, b3);
    }
    Native.put(sums, a0);
    Native.put(sums + STEP, b0);
    Native.put(sums + row, a1);
    Native.put(sums + row + STEP, b1);
    Native.put(sums + 2 * row, a2);
    Native.put(sums + 2 * row + STEP, b2);
    Native.put(sums + 3 * row, a3);
    Native.put(sums + 3 * row + STEP, b3);
  }

  /** One token by four vectors of outs. */
  private static void one(
      long sums, long row, long tile, byte[] columns, int start, int end, float[] x) {
    FloatVector a = Native.floats(sums);
    FloatVector b = Native.floats(sums + STEP);
    FloatVector c = Native.floats(sums + 2 * STEP);
    FloatVector d = Native.floats(sums + 3 * STEP);
    for (int k = start; k < end; k++) {
      FloatVector y = FloatVector.broadcast(FLOATS, x[4 * k]);
      long w = tile + columns[k] * row;
      a = Native.floats(w).fma(y, a);
      b = Native.floats(w + STEP).fma(y, b);
      c = Native.floats(w + 2 * STEP).fma(y, c);
      d = Native.floats(w + 3 * STEP).fma(y, d);
    }
    Native.put(sums, a);
    Native.put(sums + STEP, b);
    Native.put(sums + 2 * STEP, c);
    Native.put(sums + 3 * STEP, d);
  }

  /** to[start…] ← to[start…] + sums, the first time 0 + sums. */
  static void total(float[] to, int start, long sums, int count, boolean first) {
    for (int i = 0; i < count; i++) {
      to[start + i] = (first ? 0 : to[start + i]) + Native.real(sums + 4L * i);
    }
  }

  /** sums ← 0 */
  static void clear(long sums, int count) {
    for (int i = 0; i < count; i += COUNT) {
      Native.put(sums + 4L * i, FloatVector.zero(FLOATS));
    }
  }
}
