package rwkv.tokenizers;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The merges of a byte-pair encoding. Of all neighbours that may merge, those of the lowest rank do
 * first, and of equal ones the leftmost, until none are left. A queue of pairs over a linked list
 * of tokens makes that O(n log n) for a word of n bytes, so a long word is no trap. Immutable once
 * it is filled.
 */
final class Merges {

  /**
   * @param rank how early it comes: 0 is the first of the file
   * @param token what the two tokens become
   */
  private record Merge(int rank, int token) {}

  private final Map<Long, Merge> merges = new HashMap<>();

  /** Of one pair with several ranks the last counts. */
  void add(int left, int right, int rank, int token) {
    merges.put(pair(left, right), new Merge(rank, token));
  }

  /** What is left of these tokens when all merges are done. */
  int[] apply(int[] tokens) {
    return tokens.length < 2 ? tokens : new Word(tokens.clone()).merged();
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /** A word while it is merged: a list of tokens, each linked to its neighbours. */
  private final class Word {

    private final int[] tokens;
    private final int[] next;
    private final int[] previous;
    // What the token here and its right neighbour may become.
    private final @Nullable Merge[] possible;
    // Rank in the upper half, place in the lower: what is to be done first is the smallest.
    private final PriorityQueue<Long> queue = new PriorityQueue<>();

    Word(int[] tokens) {
      this.tokens = tokens;
      int length = tokens.length;
      next = new int[length];
      previous = new int[length];
      possible = new Merge[length];
      Arrays.setAll(next, i -> i + 1);
      Arrays.setAll(previous, i -> i - 1);
      for (int i = 0; i < length; i++) {
        look(i);
      }
    }

    private void look(int at) {
      int right = next[at];
      Merge merge = right < tokens.length ? merges.get(pair(tokens[at], tokens[right])) : null;
      possible[at] = merge;
      if (merge != null) {
        queue.add((long) merge.rank << 32 | at);
      }
    }

    int[] merged() {
      for (Long first = queue.poll(); first != null; first = queue.poll()) {
        int at = first.intValue();
        Merge merge = possible[at];
        // Pairs that a merge has broken up are still queued; they are known by their rank.
        if (merge != null && merge.rank == first >>> 32) {
          merge(at, merge.token);
        }
      }
      int count = 0;
      for (int i = 0; i < tokens.length; i = next[i]) {
        tokens[count++] = tokens[i];
      }
      return Arrays.copyOf(tokens, count);
    }

    private void merge(int at, int token) {
      int gone = next[at];
      possible[gone] = null;
      tokens[at] = token;
      next[at] = next[gone];
      if (next[at] < tokens.length) {
        previous[next[at]] = at;
      }
      look(at);
      if (previous[at] >= 0) {
        look(previous[at]);
      }
    }
  }
}
