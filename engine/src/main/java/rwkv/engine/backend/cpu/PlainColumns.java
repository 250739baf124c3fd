package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.IntVector;

/**
 * Columns of weights that are stored one by one. Of sixteen-bit weights every 32-bit lane holds
 * two, which are as far apart as a vector has lanes, so that a shift and a mask take them apart.
 */
enum PlainColumns implements ColumnFormat {
  F32(4) {
    @Override
    public void unpack(long column, int width, int from, int until, ColumnRoom room, long to) {
      long address = column + 4L * from;
      for (int i = 0; i < until - from; i += COUNT) {
        Native.put(to + 4L * i, Native.floats(address + 4L * i));
      }
    }

    @Override
    public void add(long sums, int width, int from, int until, ColumnRoom room) {
      ColumnTile.add(sums, until - from, room, 4L * from);
    }
  },
  F16(2) {
    @Override
    public void unpack(long column, int width, int from, int until, ColumnRoom room, long to) {
      halves(column + 2L * from, until - from, to);
    }

    @Override
    public void add(long sums, int width, int from, int until, ColumnRoom room) {
      ColumnTile.addF16(sums, until - from, room, 2L * from);
    }
  },
  BF16(2) {
    @Override
    public void unpack(long column, int width, int from, int until, ColumnRoom room, long to) {
      long address = column + 2L * from;
      for (int i = 0; i < until - from; i += 2 * COUNT) {
        IntVector pairs = Native.ints(address + 2L * i);
        Native.put(to + 4L * i, Lanes.lowBf16(pairs));
        Native.put(to + 4L * (i + COUNT), Lanes.highBf16(pairs));
      }
    }

    @Override
    public void add(long sums, int width, int from, int until, ColumnRoom room) {
      ColumnTile.addBf16(sums, until - from, room, 2L * from);
    }
  };

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, Lanes.ORDER);

  private final int size;

  PlainColumns(int size) {
    this.size = size;
  }

  @Override
  public int block() {
    return 1;
  }

  @Override
  public int run() {
    return 1;
  }

  @Override
  public int together() {
    return ColumnTile.COLUMNS;
  }

  @Override
  public long bytes(int width) {
    return (long) width * size;
  }

  @Override
  public void pack(
      byte[] rows,
      int stride,
      int blocks,
      long to,
      int width,
      int first,
      byte[] codes,
      int[] packed) {
    int each = GROUP * size / 4;
    for (int word = 0; word < each; word++) {
      if (size == 4) {
        words(rows, word * stride, blocks, packed, word);
      } else {
        int row = word / COUNT * 2 * COUNT + word % COUNT;
        pairs(rows, row * stride, (row + COUNT) * stride, blocks, packed, word);
      }
    }
    for (int column = 0; column < blocks; column++) {
      long address = to + (long) size * ((long) column * width + first);
      Native.put(address, packed, column * each, each);
    }
  }

  /** A row along its columns: short steps in what is read, and in what is written stay near. */
  private static void words(byte[] rows, int at, int count, int[] packed, int word) {
    for (int i = 0; i < count; i++) {
      packed[i * GROUP + word] = Lanes.word(rows, at + 4 * i);
    }
  }

  private static void pairs(byte[] rows, int low, int high, int count, int[] packed, int word) {
    for (int i = 0; i < count; i++) {
      int lower = (short) SHORT.get(rows, low + 2 * i) & 0xffff;
      packed[i * (GROUP / 2) + word] = lower | (short) SHORT.get(rows, high + 2 * i) << 16;
    }
  }

  /** Packs a sixteen-bit number of {@link #GROUP} rows, at the same place of each. */
  static void pairs(byte[] rows, int at, int stride, long to) {
    for (int v = 0; v < GROUP; v += 2 * COUNT) {
      for (int i = 0; i < COUNT; i++) {
        int low = (short) SHORT.get(rows, at + (v + i) * stride) & 0xffff;
        int high = (short) SHORT.get(rows, at + (v + i + COUNT) * stride);
        Native.put(to + 2L * v + 4L * i, low | high << 16);
      }
    }
  }

  /** Unpacks what {@link #pairs} packed, as f16. */
  static void halves(long address, int count, long to) {
    for (int i = 0; i < count; i += 2 * COUNT) {
      IntVector pairs = Native.ints(address + 2L * i);
      Native.put(to + 4L * i, Lanes.lowF16(pairs));
      Native.put(to + 4L * (i + COUNT), Lanes.highF16(pairs));
    }
  }

  @Override
  public long column(long block, int column, int width) {
    return block;
  }

  @Override
  public void prepare(long block, int run, int width, int from, int until, ColumnRoom room) {}
}
