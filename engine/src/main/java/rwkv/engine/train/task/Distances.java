package rwkv.engine.train.task;

import java.util.List;

/** Names of the groups that answers are counted under by how far back lies what they need. */
final class Distances {

  private static final List<Integer> ENDS = List.of(2, 5, 10, 20, 40);

  private Distances() {}

  /** As in {@code distance 9 to 16}: ranges between powers of two. */
  static String ofTokens(int distance) {
    int from = Integer.highestOneBit(Math.max(1, distance - 1)) + 1;
    return distance <= 2 ? "distance 1 to 2" : "distance %d to %d".formatted(from, 2 * (from - 1));
  }

  /** As in {@code distance 6 to 10}: ranges of sentences or moves. */
  static String ofMoves(int distance) {
    int from = 1;
    for (int end : ENDS) {
      if (distance <= end) {
        return "distance %d to %d".formatted(from, end);
      }
      from = end + 1;
    }
    return "distance over " + (from - 1);
  }
}
