package rwkv.engine.backend.cpu;

import java.util.Arrays;

/**
 * ROSA as it is defined: at every position every earlier end is tried, and its match followed
 * backwards. Remembers nothing.
 *
 * @param width channels of a symbol
 */
record ReferenceRosa(CpuHistory q, CpuHistory k, CpuHistory v, int width, float unmatched) {

  /** The longest match and the row where it ends, or a length of 0. */
  private record Match(int length, int end) {}

  /**
   * Row {@code i} of one symbol.
   *
   * @param at where the symbol's channels of that row begin in {@code out}
   * @return the length of the match
   */
  int row(float[] out, int at, int sequence, int symbol, int i) {
    Match match = longest(sequence, symbol, i);
    if (match.length == 0) {
      Arrays.fill(out, at, at + width, unmatched);
    } else {
      Signs.unpack(out, at, v, sequence, match.end + 1, symbol * width, width);
    }
    return match.length;
  }

  private Match longest(int sequence, int symbol, int i) {
    Match best = new Match(0, -1);
    for (int end = i - 1; end >= 0; end--) {
      int length = 0;
      while (length <= end && same(sequence, symbol, i - length, end - length)) {
        length++;
      }
      if (length > best.length) {
        best = new Match(length, end);
      }
    }
    return best;
  }

  private boolean same(int sequence, int symbol, int i, int e) {
    for (int c = symbol * width; c < (symbol + 1) * width; c++) {
      if (Signs.bit(q, sequence, i, c) != Signs.bit(k, sequence, e, c)) {
        return false;
      }
    }
    return true;
  }
}
