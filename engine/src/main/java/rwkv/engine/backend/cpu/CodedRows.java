package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of a type whose bits lie too far apart to be multiplied where they are found: a row is
 * read as {@link RowCodes} into memory that stays in the first-level cache, and multiplied from
 * there. Both in one loop is more than the compiler takes into one method.
 */
record CodedRows(RowCodes codes) implements Rows {

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    RowCodes.arrange(x, at, to, start, in);
  }

  /** Room for two rows. */
  @Override
  public int room(int in) {
    return 6 * words(in);
  }

  private static int words(int in) {
    return Rows.bound(in) / 4;
  }

  @Override
  public void chains(
      CpuMatrix w, int row, int step, int count, float[] x, float[] sums, float[] room) {
    int words = words(w.in());
    for (int lot = 0; lot < 4; lot += 2) {
      for (int r = 0; r < count; r++) {
        codes.read(w.row(row + lot * step + r), 4 * words, room, 0, words);
        codes.read(w.row(row + (lot + 1) * step + r), 4 * words, room, 3 * words, words);
        chain(room, words, codes.middle(), x, sums, (lot * LOT + r) * COUNT);
      }
    }
  }

  /** Two rows at a time; the bytes of words in a loop for the reason {@link ByteRows} has. */
  private static void chain(float[] room, int words, int middle, float[] x, float[] sums, int at) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    int other = 3 * words;
    for (int i = 0; i < words; i += COUNT) {
      IntVector p = load(room, i).reinterpretAsInts();
      IntVector q = load(room, other + i).reinterpretAsInts();
      FloatVector d = load(room, words + i);
      FloatVector e = load(room, other + words + i);
      FloatVector c = zero(room, 2 * words + i, d, middle);
      FloatVector f = zero(room, other + 2 * words + i, e, middle);
      for (int k = 0; k < 4; k++) {
        FloatVector v = load(x, 4 * i + k * COUNT);
        FloatVector a = lowest(p).fma(d, c).fma(v, a0);
        FloatVector b = lowest(q).fma(e, f).fma(v, b0);
        p = p.lanewise(VectorOperators.LSHR, 8);
        q = q.lanewise(VectorOperators.LSHR, 8);
        a0 = a1;
        b0 = b1;
        a1 = a;
        b1 = b;
      }
    }
    Rows.store(a0, a1, sums, at);
    Rows.store(b0, b1, sums, at + LOT * COUNT);
  }

  @Override
  public void unpackChains(CpuMatrix w, int row, float[] to, int start, float[] room) {
    int words = words(w.in());
    codes.read(w.row(row), 4 * words, room, 0, words);
    for (int i = 0; i < words; i += COUNT) {
      IntVector four = load(room, i).reinterpretAsInts();
      FloatVector scale = load(room, words + i);
      FloatVector zero = zero(room, 2 * words + i, scale, codes.middle());
      for (int k = 0; k < 4; k++) {
        lowest(four).fma(scale, zero).intoArray(to, start + 4 * i + k * COUNT);
        four = four.lanewise(VectorOperators.LSHR, 8);
      }
    }
  }

  private static FloatVector zero(float[] room, int at, FloatVector scale, int middle) {
    return middle == 0 ? load(room, at) : scale.mul(-middle);
  }

  /** The lowest byte of every word, from 0 to 255. */
  private static FloatVector lowest(IntVector words) {
    return Lanes.floats(words.and(255));
  }
}
