package rwkv.engine.backend.cpu;

/** Bits of channels, sixteen in every number: an f32 holds integers of that size exactly. */
final class Signs {

  /** Channels in a number. */
  static final int EACH = 16;

  private Signs() {}

  /** Packs the signs of a row of {@code n} numbers. */
  static void pack(float[] out, int to, float[] x, int from, int n) {
    for (int first = 0; first < n; first += EACH) {
      int bits = 0;
      for (int c = first; c < Math.min(n, first + EACH); c++) {
        bits |= x[from + c] > 0 ? 1 << (c - first) : 0;
      }
      out[to + first / EACH] = bits;
    }
  }

  /** The bit of a channel in a history. */
  static int bit(CpuHistory history, int sequence, int row, int channel) {
    float packed = history.data(sequence)[row * history.channels() + channel / EACH];
    return (int) packed >>> channel % EACH & 1;
  }

  /** The bits of a symbol in a history, its first channel lowest. */
  static int symbol(CpuHistory history, int sequence, int row, int channel, int channels) {
    int bits = 0;
    for (int c = 0; c < channels; c++) {
      bits |= bit(history, sequence, row, channel + c) << c;
    }
    return bits;
  }

  /** Writes +1 or −1 for every channel of a symbol, by its bits in a row of a history. */
  static void unpack(
      float[] out, int at, CpuHistory history, int sequence, int row, int channel, int channels) {
    for (int c = 0; c < channels; c++) {
      out[at + c] = bit(history, sequence, row, channel + c) == 1 ? 1 : -1;
    }
  }
}
