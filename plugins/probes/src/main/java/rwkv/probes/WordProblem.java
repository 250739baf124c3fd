package rwkv.probes;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A group's word problem: changes one after the other, and what they amount to. */
enum WordProblem {
  PARITY("parity", 1.0 / 2),
  S3("s3", 1.0 / 6),
  S5("s5", 1.0 / 120);

  private static final int THREE = 3;
  private static final int FIVE = 5;

  private final String id;
  private final double chance;

  WordProblem(String id, double chance) {
    this.id = id;
    this.chance = chance;
  }

  String id() {
    return id;
  }

  /**
   * How often a guess is right. The number of swaps says whether an arrangement is an even one.
   *
   * @param swaps whether every change is a swap of two neighbours
   */
  double chance(boolean swaps) {
    return swaps && this != PARITY ? 2 * chance : chance;
  }

  /** The trainer's task of that kind. */
  String task() {
    return this == PARITY ? "parity" : "permutations";
  }

  /** The settings of that task. */
  Map<String, Object> settings(List<Integer> lengths, int examples, boolean swaps) {
    if (this == PARITY) {
      return Map.of("tested", lengths, "held_out", examples);
    }
    return Map.of(
        "tested",
        lengths,
        "held_out",
        examples,
        "things",
        this == S3 ? THREE : FIVE,
        "moves",
        swaps ? "swaps" : "all");
  }

  /**
   * A question as text, and its answer.
   *
   * @param asked ends before a space
   * @param answer begins with one
   */
  record Question(String asked, String answer) {}

  /** A question of so many changes. */
  Question draw(RandomGenerator random, int length, boolean swaps) {
    return this == PARITY ? bits(random, length) : moves(random, length, swaps);
  }

  private static Question bits(RandomGenerator random, int length) {
    StringBuilder asked = new StringBuilder();
    int ones = 0;
    for (int i = 0; i < length; i++) {
      int bit = random.nextInt(2);
      ones += bit;
      asked.append(i == 0 ? "" : " ").append(bit);
    }
    return new Question(asked + " is", ones % 2 == 0 ? " even" : " odd");
  }

  /** Every change says from which place each thing comes, as in {@code (bac)}. */
  private Question moves(RandomGenerator random, int length, boolean swaps) {
    String places = "abcde".substring(0, this == S3 ? THREE : FIVE);
    String things = places;
    StringBuilder asked = new StringBuilder();
    for (int i = 0; i < length; i++) {
      String move = swaps ? swapped(places, random) : shuffled(places, random);
      StringBuilder next = new StringBuilder();
      for (int place = 0; place < move.length(); place++) {
        next.append(things.charAt(move.charAt(place) - 'a'));
      }
      things = next.toString();
      asked.append(i == 0 ? "" : " ").append('(').append(move).append(')');
    }
    return new Question(asked + " is", " " + things);
  }

  /** Two neighbours have changed places. */
  private static String swapped(String letters, RandomGenerator random) {
    int first = random.nextInt(letters.length() - 1);
    return letters.substring(0, first)
        + letters.charAt(first + 1)
        + letters.charAt(first)
        + letters.substring(first + 2);
  }

  private static String shuffled(String letters, RandomGenerator random) {
    char[] shuffled = letters.toCharArray();
    for (int i = shuffled.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      char swapped = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swapped;
    }
    return new String(shuffled);
  }
}
