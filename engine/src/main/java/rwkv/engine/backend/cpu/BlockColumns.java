package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import rwkv.engine.tensor.DType;

/**
 * Columns of weights that are stored in blocks.
 *
 * <p>A 32-bit lane holds codes of outs that are as far apart as a vector has lanes: four of eight
 * bits, or eight of four. Fifth and sixth bits follow, a plane each, of which a lane holds those of
 * 32 such outs.
 *
 * @param bits of a code: 8, 6, 5 or 4
 * @param run columns that share scales
 */
record BlockColumns(DType dtype, int bits, int run, ColumnScales scales) implements ColumnFormat {

  /** Outs whose bits of a plane fill a vector. */
  private static final int PLANE = 32 * COUNT;

  static BlockColumns of(DType dtype) {
    return switch (dtype) {
      case Q8_0 -> new BlockColumns(dtype, 8, 32, new ColumnScales.Centred(128));
      case Q4_0 -> new BlockColumns(dtype, 4, 32, new ColumnScales.Centred(8));
      case Q5_0 -> new BlockColumns(dtype, 5, 32, new ColumnScales.Centred(16));
      case Q4_1 -> new BlockColumns(dtype, 4, 32, new ColumnScales.Shifted());
      case Q5_1 -> new BlockColumns(dtype, 5, 32, new ColumnScales.Shifted());
      case Q4_K -> new BlockColumns(dtype, 4, 32, new ColumnScales.Runs8());
      case Q5_K -> new BlockColumns(dtype, 5, 32, new ColumnScales.Runs8());
      case Q6_K -> new BlockColumns(dtype, 6, 16, new ColumnScales.Runs16());
      default -> throw new IllegalArgumentException(dtype + " is not stored in blocks");
    };
  }

  @Override
  public int block() {
    return dtype.blockSize();
  }

  @Override
  public long bytes(int width) {
    return scales.bytes(width) + columnBytes(width) * block();
  }

  private long columnBytes(int width) {
    return bits == 8 ? width : width / 2 + (bits - 4) * planeBytes(width);
  }

  private static long planeBytes(int width) {
    return 4L * COUNT * Math.ceilDiv(width, PLANE);
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
    for (int b = 0; b < blocks; b++) {
      long block = to + b * bytes(width);
      int at = b * dtype.blockBytes();
      scales.pack(rows, at, stride, block, width, first);
      for (int row = 0; row < GROUP; row++) {
        BlockCodes.decode(dtype, rows, at + row * stride, codes, row * block());
      }
      long start = block + scales.bytes(width);
      if (bits == 8) {
        quads(codes, packed);
        put(packed, GROUP / 4, start + first, columnBytes(width));
        continue;
      }
      nibbles(codes, packed);
      put(packed, COUNT, start + first / 2, columnBytes(width));
      for (int plane = 4; plane < bits; plane++) {
        plane(codes, plane, packed);
        long planes = start + width / 2 + (plane - 4) * planeBytes(width);
        add(packed, planes + first / PLANE * (4L * COUNT), first, columnBytes(width));
      }
    }
  }

  /** Puts {@code each} numbers to every column. */
  private void put(int[] packed, int each, long to, long step) {
    for (int column = 0; column < block(); column++) {
      Native.put(to + column * step, packed, column * each, each);
    }
  }

  /** Adds the bits of a group to those that its vectors have; the group at bit 0 comes first. */
  private void add(int[] packed, long to, int first, long step) {
    int shift = first % PLANE / COUNT;
    for (int column = 0; column < block(); column++) {
      for (int i = 0; i < COUNT; i++) {
        long address = to + column * step + 4L * i;
        int before = shift == 0 ? 0 : Native.get(address);
        Native.put(address, before | packed[column * COUNT + i] << shift);
      }
    }
  }

  /** Four rows' bytes to a number. */
  private void quads(byte[] codes, int[] packed) {
    int size = block();
    for (int word = 0; word < GROUP / 4; word++) {
      int a = (word / COUNT * 4 * COUNT + word % COUNT) * size;
      int b = a + COUNT * size;
      int c = b + COUNT * size;
      int d = c + COUNT * size;
      for (int i = 0; i < size; i++) {
        packed[i * (GROUP / 4) + word] =
            codes[a + i] & 255
                | (codes[b + i] & 255) << 8
                | (codes[c + i] & 255) << 16
                | codes[d + i] << 24;
      }
    }
  }

  /** Eight rows' lower four bits to a number. */
  private void nibbles(byte[] codes, int[] packed) {
    int size = block();
    for (int lane = 0; lane < COUNT; lane++) {
      for (int half = 0; half < 2; half++) {
        int a = (lane + 4 * half * COUNT) * size;
        int b = a + COUNT * size;
        int c = b + COUNT * size;
        int d = c + COUNT * size;
        for (int i = 0; i < size; i++) {
          int four =
              codes[a + i] & 15
                  | (codes[b + i] & 15) << 4
                  | (codes[c + i] & 15) << 8
                  | (codes[d + i] & 15) << 12;
          int at = i * COUNT + lane;
          packed[at] = half == 0 ? four : packed[at] | four << 16;
        }
      }
    }
  }

  /** A bit of eight rows to a number. */
  private void plane(byte[] codes, int plane, int[] packed) {
    int size = block();
    for (int lane = 0; lane < COUNT; lane++) {
      for (int k = 0; k < 8; k++) {
        int row = (lane + k * COUNT) * size;
        for (int i = 0; i < size; i++) {
          int bit = (codes[row + i] >> plane & 1) << k;
          int at = i * COUNT + lane;
          packed[at] = k == 0 ? bit : packed[at] | bit;
        }
      }
    }
  }

  /** Packs a byte of each of {@link #GROUP} rows. */
  static void quads(byte[] rows, int at, int stride, long to) {
    for (int v = 0; v < GROUP; v += 4 * COUNT) {
      for (int i = 0; i < COUNT; i++) {
        int from = at + (v + i) * stride;
        int step = COUNT * stride;
        int quad =
            rows[from] & 255
                | (rows[from + step] & 255) << 8
                | (rows[from + 2 * step] & 255) << 16
                | rows[from + 3 * step] << 24;
        Native.put(to + v + 4L * i, quad);
      }
    }
  }

  @Override
  public int together() {
    return bits == 8 || bits == 4 ? run : ColumnTile.COLUMNS;
  }

  @Override
  public void prepare(long block, int run, int width, int from, int until, ColumnRoom room) {
    room.first = from;
    scales.read(block, run, width, from, until, room);
  }

  @Override
  public long column(long block, int column, int width) {
    return block + scales.bytes(width) + column * columnBytes(width);
  }

  @Override
  public void unpack(long column, int width, int from, int until, ColumnRoom room, long to) {
    int count = until - from;
    long scale = room.scales + 4L * (from - room.first);
    long zero = room.zeros + 4L * (from - room.first);
    switch (bits) {
      case 8 -> bytes(column + from, count, scale, zero, to);
      case 4 -> nibbles(column + from / 2, count, scale, zero, to);
      default -> many(column, width, from, count, scale, zero, to);
    }
  }

  @Override
  public void add(long sums, int width, int from, int until, ColumnRoom room) {
    switch (bits) {
      case 8 -> ColumnTile.addBytes(sums, until - from, room, from);
      case 4 -> ColumnTile.addNibbles(sums, until - from, room, from / 2);
      default -> unpackAndAdd(sums, width, from, until, room);
    }
  }

  private void unpackAndAdd(long sums, int width, int from, int until, ColumnRoom room) {
    System.arraycopy(room.addresses, 0, room.stored, 0, room.stored.length);
    for (int strip = from; strip < until; strip += ColumnRoom.STRIP) {
      int end = Math.min(until, strip + ColumnRoom.STRIP);
      for (int c = 0; c < room.stored.length; c++) {
        boolean again = c > 0 && room.stored[c] == room.stored[0];
        room.addresses[c] = again ? room.tile : room.tile + 4L * c * ColumnRoom.STRIP;
        if (!again) {
          unpack(room.stored[c], width, strip, end, room, room.addresses[c]);
        }
      }
      ColumnTile.add(sums + 4L * (strip - from), end - strip, room, 0);
    }
  }

  private static void bytes(long address, int count, long scales, long zeros, long to) {
    for (int i = 0; i < count; i += 4 * COUNT) {
      IntVector quad = Native.ints(address + i);
      weigh(quad.and(255), scales, zeros, to, i);
      weigh(quad.lanewise(VectorOperators.LSHR, 8).and(255), scales, zeros, to, i + COUNT);
      weigh(quad.lanewise(VectorOperators.LSHR, 16).and(255), scales, zeros, to, i + 2 * COUNT);
      weigh(quad.lanewise(VectorOperators.LSHR, 24), scales, zeros, to, i + 3 * COUNT);
    }
  }

  private static void nibbles(long address, int count, long scales, long zeros, long to) {
    for (int i = 0; i < count; i += GROUP) {
      IntVector eight = Native.ints(address + i / 2);
      for (int k = 0; k < 8; k++) {
        IntVector codes = eight.lanewise(VectorOperators.LSHR, 4 * k).and(15);
        weigh(codes, scales, zeros, to, i + k * COUNT);
      }
    }
  }

  /** Codes of five or six bits; of five, the second plane is the first one and left out. */
  private void many(long start, int width, int from, int count, long scales, long zeros, long to) {
    long fifth = start + width / 2;
    long sixth = bits == 6 ? fifth + planeBytes(width) : fifth;
    int mask = bits == 6 ? 32 : 0;
    for (int i = 0; i < count; i += GROUP) {
      IntVector eight = Native.ints(start + (from + i) / 2);
      long plane = (from + i) / PLANE * (4L * COUNT);
      int shift = (from + i) % PLANE / COUNT;
      IntVector fives = Native.ints(fifth + plane).lanewise(VectorOperators.LSHR, shift);
      IntVector sixes = Native.ints(sixth + plane).lanewise(VectorOperators.LSHR, shift);
      for (int k = 0; k < 8; k++) {
        IntVector low = eight.lanewise(VectorOperators.LSHR, 4 * k).and(15);
        IntVector five = fives.lanewise(VectorOperators.LSHR, k).and(1);
        IntVector six = sixes.lanewise(VectorOperators.LSHR, k).lanewise(VectorOperators.LSHL, 5);
        IntVector high = five.lanewise(VectorOperators.LSHL, 4).or(six.and(mask));
        weigh(low.or(high), scales, zeros, to, i + k * COUNT);
      }
    }
  }

  private static void weigh(IntVector codes, long scales, long zeros, long to, int i) {
    FloatVector scale = Native.floats(scales + 4L * i);
    FloatVector zero = Native.floats(zeros + 4L * i);
    Native.put(to + 4L * i, Lanes.floats(codes).fma(scale, zero));
  }
}
