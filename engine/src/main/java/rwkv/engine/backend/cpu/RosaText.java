package rwkv.engine.backend.cpu;

import java.util.Arrays;
import rwkv.engine.backend.cpu.RosaMemo.Found;

/**
 * What one symbol of ROSA remembers of its text: at position i, the length m of the match between
 * the end of q_0 … q_i and the end of k_0 … k_e, for every e &lt; i. The next position's follow
 * from them, m_i[e] = q_i = k_e ? m_(i−1)[e−1] + 1 : 0, exactly and in one pass over memory.
 *
 * <p>Lengths are kept by their distance i − e, at the end of an array: then m_i[e] lies where
 * m_(i−1)[e−1] lay, and nothing moves. Keys are kept as one row of bits for every channel, so that
 * 64 of them are compared at once.
 */
final class RosaText {

  private static final int FEWEST = 64;

  private final long[][] keys;
  private int[] lengths = new int[FEWEST];
  private int position;

  /**
   * @param width channels of a symbol
   */
  RosaText(int width) {
    keys = new long[width][1];
  }

  /** Rows it has seen. */
  int position() {
    return position;
  }

  /**
   * Finds the match of the next position, and takes in its key.
   *
   * @param q the bits of its query
   * @param k the bits of its key
   */
  Found step(int q, int k) {
    reserve(position + 1);
    int longest = 0;
    for (int word = 0; word * 64 < position; word++) {
      longest =
          Math.max(longest, extend(word * 64, Math.min(64, position - word * 64), equal(word, q)));
    }
    int start = lengths.length - position;
    int end = position - 1;
    while (longest > 0 && lengths[start + end] != longest) {
      end--;
    }
    put(position, k);
    position++;
    return new Found(longest, end);
  }

  /** Bit j: whether key {@code 64 word + j} is {@code q}. */
  private long equal(int word, int q) {
    long equal = -1;
    for (int c = 0; c < keys.length; c++) {
      equal &= (q >>> c & 1) == 1 ? keys[c][word] : ~keys[c][word];
    }
    return equal;
  }

  /** Takes the lengths of {@code count} ends from {@code first} on one position further. */
  private int extend(int first, int count, long equal) {
    int at = lengths.length - position + first;
    int longest = 0;
    for (int j = 0; j < count; j++) {
      int length = lengths[at + j] + 1 & -(int) (equal >>> j & 1);
      lengths[at + j] = length;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  private void put(int row, int k) {
    for (int c = 0; c < keys.length; c++) {
      keys[c][row >>> 6] |= (long) (k >>> c & 1) << row;
    }
  }

  private void reserve(int rows) {
    if (rows > lengths.length) {
      int room = Math.max(rows, lengths.length + lengths.length / 2);
      int[] more = new int[room];
      System.arraycopy(lengths, 0, more, room - lengths.length, lengths.length);
      lengths = more;
    }
    if (rows > keys[0].length * 64L) {
      for (int c = 0; c < keys.length; c++) {
        keys[c] = Arrays.copyOf(keys[c], Math.max(rows / 64 + 1, keys[c].length * 3 / 2));
      }
    }
  }

  /**
   * Takes up a text that others have read.
   *
   * @param q the bits of every query
   * @param k the bits of every key, as many
   */
  void take(int[] q, int[] k) {
    position = 0;
    for (long[] row : keys) {
      Arrays.fill(row, 0);
    }
    Arrays.fill(lengths, 0);
    reserve(q.length + 1);
    for (int row = 0; row < k.length; row++) {
      put(row, k[row]);
    }
    position = q.length;
    int ends = q.length - 1;
    int[] backQ = reversed(q, q.length);
    int[] backK = reversed(k, Math.max(0, ends));
    int[] matches = prefixes(backQ, backK, prefixes(backQ, backQ, new int[0]));
    for (int j = 0; j < matches.length; j++) {
      lengths[lengths.length - 1 - j] = matches[j];
    }
  }

  private static int[] reversed(int[] values, int count) {
    int[] back = new int[count];
    Arrays.setAll(back, i -> values[count - 1 - i]);
    return back;
  }

  /**
   * How long a prefix of {@code p} begins at every place of {@code x}, in one pass (the Z
   * algorithm).
   *
   * @param own the same of p in itself; empty to find those, x being p
   */
  private static int[] prefixes(int[] p, int[] x, int[] own) {
    int[] z = new int[x.length];
    int[] known = own.length == 0 ? z : own;
    boolean self = own.length == 0;
    if (self && z.length > 0) {
      z[0] = p.length;
    }
    int left = 0;
    int right = 0;
    for (int j = self ? 1 : 0; j < x.length; j++) {
      int length = j < right ? Math.min(right - j, known[j - left]) : 0;
      while (length < p.length && j + length < x.length && p[length] == x[j + length]) {
        length++;
      }
      if (j + length > right) {
        left = j;
        right = j + length;
      }
      z[j] = length;
    }
    return z;
  }
}
