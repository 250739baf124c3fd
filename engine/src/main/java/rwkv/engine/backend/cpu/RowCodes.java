package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import rwkv.engine.tensor.DType;

/**
 * A row of weights that are stored in blocks as codes: {@code weight = scale · code + zero}.
 *
 * <p>A 32-bit word holds the codes of four neighbouring columns, a byte each, and has a scale and a
 * zero. Types differ in how their bits are brought into words, which takes a few operations for
 * many columns; from there on all are multiplied alike ({@link CodedRows}).
 */
sealed interface RowCodes permits FiveBitCodes, NibbleCodesK, SixBitCodesK {

  /** Words of sixteen bytes. */
  VectorSpecies<Integer> FOUR = IntVector.SPECIES_128;

  /** Words of sixteen bytes or, where vectors are as wide, thirty-two. */
  VectorSpecies<Integer> WIDE = COUNT >= 8 ? IntVector.SPECIES_256 : FOUR;

  VectorSpecies<Float> WIDE_FLOATS = COUNT >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

  static RowCodes of(DType dtype) {
    return switch (dtype) {
      case Q5_0 -> new FiveBitCodes(false);
      case Q5_1 -> new FiveBitCodes(true);
      case Q4_K -> new NibbleCodesK(false);
      case Q5_K -> new NibbleCodesK(true);
      case Q6_K -> new SixBitCodesK();
      default -> throw new IllegalArgumentException(dtype + " has no codes");
    };
  }

  /**
   * Reads a row.
   *
   * @param from the address of the row
   * @param columns whole blocks
   * @param room takes a word for every four columns as the bits of a float, from {@code words} on
   *     the scales, from {@code 2 · words} on the zeros
   */
  void read(long from, int columns, float[] room, int at, int words);

  /** The code that stands for 0 in every block, or 0 if blocks have zeros of their own. */
  default int middle() {
    return 0;
  }

  /**
   * Copies activations in the order in which codes are taken from words: of {@link Rows#UNIT}
   * columns first all that are a word's lowest byte, in the end those that are its highest.
   */
  static void arrange(float[] x, int at, float[] to, int start, int in) {
    int bound = Rows.bound(in);
    for (int block = 0; block < bound; block += Rows.UNIT) {
      for (int lane = 0; lane < COUNT; lane++) {
        int source = at + block + 4 * lane;
        int target = start + block + lane;
        to[target] = x[source];
        to[target + COUNT] = x[source + 1];
        to[target + 2 * COUNT] = x[source + 2];
        to[target + 3 * COUNT] = x[source + 3];
      }
    }
    System.arraycopy(x, at + bound, to, start + bound, in - bound);
  }

  static void put(IntVector words, float[] room, int at) {
    words.reinterpretAsFloats().intoArray(room, at);
  }

  /** The same number for the eight words of 32 columns. */
  static void fill(float[] room, int at, float number) {
    FloatVector wide = FloatVector.broadcast(WIDE_FLOATS, number);
    for (int i = 0; i < 8; i += WIDE_FLOATS.length()) {
      wide.intoArray(room, at + i);
    }
  }
}
