package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.ColumnFormat.GROUP;
import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What codes of a block of columns stand for: {@code scale · code + zero}. Scales are products of
 * few bits, so they are exact, and a weight is rounded once at most, as it is where it is stored.
 */
sealed interface ColumnScales {

  /** Bytes for a block of columns of that width. */
  long bytes(int width);

  /**
   * Packs the scales of {@link ColumnFormat#GROUP} rows.
   *
   * @param at where the block begins in the first row
   */
  void pack(byte[] rows, int at, int stride, long to, int width, int first);

  /** Scales and zeros of a run of the block at an address. */
  void read(long block, int run, int width, int from, int until, ColumnRoom room);

  /** One scale; codes count from {@code −middle}. */
  record Centred(int middle) implements ColumnScales {
    @Override
    public long bytes(int width) {
      return 2L * width;
    }

    @Override
    public void pack(byte[] rows, int at, int stride, long to, int width, int first) {
      PlainColumns.pairs(rows, at, stride, to + 2L * first);
    }

    @Override
    public void read(long block, int run, int width, int from, int until, ColumnRoom room) {
      PlainColumns.halves(block + 2L * from, until - from, room.scales);
      centre(room, until - from, middle);
    }
  }

  /** A scale and a minimum. */
  record Shifted() implements ColumnScales {
    @Override
    public long bytes(int width) {
      return 4L * width;
    }

    @Override
    public void pack(byte[] rows, int at, int stride, long to, int width, int first) {
      PlainColumns.pairs(rows, at, stride, to + 2L * first);
      PlainColumns.pairs(rows, at + 2, stride, to + 2L * (width + first));
    }

    @Override
    public void read(long block, int run, int width, int from, int until, ColumnRoom room) {
      PlainColumns.halves(block + 2L * from, until - from, room.scales);
      PlainColumns.halves(block + 2L * (width + from), until - from, room.zeros);
    }
  }

  /** Eight runs with a scale and a minimum of six bits each, which here have a byte each. */
  record Runs8() implements ColumnScales {
    @Override
    public long bytes(int width) {
      return (2 + 2 + 8 + 8) * (long) width;
    }

    @Override
    public void pack(byte[] rows, int at, int stride, long to, int width, int first) {
      PlainColumns.pairs(rows, at, stride, to + 2L * first);
      PlainColumns.pairs(rows, at + 2, stride, to + 2L * (width + first));
      byte[] six = new byte[GROUP * 16];
      for (int row = 0; row < GROUP; row++) {
        BlockCodes.sixBits(rows, at + 4 + row * stride, six, row * 16);
      }
      for (int i = 0; i < 16; i++) {
        BlockColumns.quads(six, i, 16, to + 4L * width + (long) i * width + first);
      }
    }

    @Override
    public void read(long block, int run, int width, int from, int until, ColumnRoom room) {
      PlainColumns.halves(block + 2L * from, until - from, room.scales);
      PlainColumns.halves(block + 2L * (width + from), until - from, room.zeros);
      long small = block + 4L * width + from;
      times(room.scales, small + (long) run * width, until - from, 1);
      times(room.zeros, small + (8L + run) * width, until - from, -1);
    }
  }

  /** Sixteen runs with a scale of eight bits each; codes count from −32. */
  record Runs16() implements ColumnScales {
    private static final int SMALL = 192;

    @Override
    public long bytes(int width) {
      return (2 + 16) * (long) width;
    }

    @Override
    public void pack(byte[] rows, int at, int stride, long to, int width, int first) {
      PlainColumns.pairs(rows, at + SMALL + 16, stride, to + 2L * first);
      for (int i = 0; i < 16; i++) {
        BlockColumns.quads(rows, at + SMALL + i, stride, to + (2L + i) * width + first);
      }
    }

    @Override
    public void read(long block, int run, int width, int from, int until, ColumnRoom room) {
      PlainColumns.halves(block + 2L * from, until - from, room.scales);
      times(room.scales, block + (2L + run) * width + from, until - from, 1);
      centre(room, until - from, 32);
    }
  }

  private static void centre(ColumnRoom room, int count, int middle) {
    FloatVector below = FloatVector.broadcast(FLOATS, -middle);
    for (int i = 0; i < count; i += COUNT) {
      Native.put(room.zeros + 4L * i, Native.floats(room.scales + 4L * i).mul(below));
    }
  }

  /** Multiplies by signed bytes and a sign. */
  private static void times(long numbers, long bytes, int count, float sign) {
    for (int i = 0; i < count; i += 4 * COUNT) {
      IntVector quad = Native.ints(bytes + i);
      for (int k = 0; k < 4; k++) {
        IntVector high = quad.lanewise(VectorOperators.LSHL, 24 - 8 * k);
        FloatVector factor = Lanes.floats(high.lanewise(VectorOperators.ASHR, 24)).mul(sign);
        long at = numbers + 4L * (i + k * COUNT);
        Native.put(at, Native.floats(at).mul(factor));
      }
    }
  }
}
