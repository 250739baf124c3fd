package rwkv.engine.backend.cpu;

import rwkv.engine.tensor.DType;

/** The codes of a stored block as bytes, from 0 up, in the order of its numbers. */
final class BlockCodes {

  private BlockCodes() {}

  /**
   * Takes a block apart.
   *
   * @param at its first byte
   * @param to takes a code for each of its numbers from {@code start} on
   */
  static void decode(DType dtype, byte[] from, int at, byte[] to, int start) {
    switch (dtype) {
      case Q8_0 -> {
        for (int i = 0; i < 32; i++) {
          to[start + i] = (byte) (from[at + 2 + i] ^ 0x80);
        }
      }
      case Q4_0 -> halves(from, at + 2, 16, to, start);
      case Q4_1 -> halves(from, at + 4, 16, to, start);
      case Q5_0 -> five(from, at + 2, to, start);
      case Q5_1 -> five(from, at + 4, to, start);
      case Q4_K -> fourK(from, at + 16, to, start);
      case Q5_K -> {
        fourK(from, at + 48, to, start);
        for (int i = 0; i < 256; i++) {
          to[start + i] |= (byte) ((from[at + 16 + i % 32] >> i / 32 & 1) << 4);
        }
      }
      case Q6_K -> six(from, at, to, start);
      default -> throw new IllegalArgumentException(dtype + " is not stored in blocks");
    }
  }

  private static void fourK(byte[] from, int at, byte[] to, int start) {
    for (int pair = 0; pair < 4; pair++) {
      halves(from, at + 32 * pair, 32, to, start + 64 * pair);
    }
  }

  /** The lower four bits of some bytes, then their upper four. */
  private static void halves(byte[] from, int at, int count, byte[] to, int start) {
    for (int i = 0; i < count; i++) {
      int pair = from[at + i];
      to[start + i] = (byte) (pair & 15);
      to[start + count + i] = (byte) (pair >> 4 & 15);
    }
  }

  private static void five(byte[] from, int at, byte[] to, int start) {
    halves(from, at + 4, 16, to, start);
    int high = Lanes.word(from, at);
    for (int i = 0; i < 32; i++) {
      to[start + i] |= (byte) ((high >>> i & 1) << 4);
    }
  }

  private static void six(byte[] from, int at, byte[] to, int start) {
    for (int half = 0; half < 2; half++) {
      halves(from, at + 64 * half, 64, to, start + 128 * half);
      for (int i = 0; i < 128; i++) {
        int high = from[at + 128 + 32 * half + i % 32] >> i / 32 * 2 & 3;
        to[start + 128 * half + i] |= (byte) (high << 4);
      }
    }
  }

  /** Eight scales and then eight minima of six bits, which stand in twelve bytes. */
  static void sixBits(byte[] from, int at, byte[] to, int start) {
    for (int run = 0; run < 4; run++) {
      int scale = from[at + run];
      int minimum = from[at + run + 4];
      int lower = from[at + run + 8];
      to[start + run] = (byte) (scale & 63);
      to[start + 8 + run] = (byte) (minimum & 63);
      to[start + 4 + run] = (byte) (lower & 15 | (scale >> 6 & 3) << 4);
      to[start + 12 + run] = (byte) (lower >> 4 & 15 | (minimum >> 6 & 3) << 4);
    }
  }
}
