package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/**
 * {@code recall}: pairs of a key and a value, then keys again, each after some distance: what was
 * its value? {@code ba07de12....de12..ba07}. With several pairs asked for it is what is known as
 * multi-query associative recall.
 */
final class RecallTask implements Task {

  static final TaskKind KIND =
      new TaskKind(
          "recall",
          "keys with values, dots, and the keys again: say the values, as in"
              + " ba07de12....de12..ba07",
          List.of(
              Setting.whole("pairs", 4, 1, 100, "keys with a value"),
              Setting.whole("asked", 4, 1, 100, "of them that are asked for"),
              Setting.whole("keys", 32, 1, 100, "different keys"),
              Setting.whole("values", 32, 2, 100, "different values"),
              Setting.whole(
                  "nearest", 8, 2, 1_000_000, "tokens from a key to when it is asked, at least"),
              Setting.whole(
                  "farthest",
                  64,
                  2,
                  1_000_000,
                  "tokens from a key to when it is asked, at most, but for those that make way"),
              Setting.wholes(
                  "tested",
                  List.of(16, 32, 64, 128),
                  2,
                  1_000_000,
                  "distances of held-out examples, in tokens"),
              Setting.whole("held_out", 100, 1, 100_000, "held-out examples of each distance")),
          RecallTask::new);

  private static final String CONSONANTS = "bdfghjklmnprstvwxyzc";
  private static final String VOWELS = "aeiou";
  private static final int DOT = 1;
  private static final int FIRST_KEY = 2;

  private final Choices choices;
  private final Vocabulary vocabulary;
  private final Rows rows;
  private final int pairs;

  private RecallTask(Choices choices, Sizes sizes, Texts texts) {
    this.choices = choices;
    this.pairs = choices.whole("pairs");
    this.rows = new Rows(KIND.name(), sizes);
    this.vocabulary = vocabulary(choices.whole("keys"), choices.whole("values"));
    atMost("pairs", pairs, "keys", choices.whole("keys"));
    atMost("asked", choices.whole("asked"), "pairs", pairs);
    atMost("nearest", choices.whole("nearest"), "farthest", choices.whole("farthest"));
    if (choices.whole("nearest") < 2 * pairs) {
      throw new IllegalArgumentException(
          "nearest of task recall is %d, expected at least %d: all pairs come before the first question"
              .formatted(choices.whole("nearest"), 2 * pairs));
    }
    int needed = 2 * slots(choices.whole("farthest"));
    if (needed > sizes.time()) {
      throw new IllegalArgumentException(
          "task recall needs a window of %d tokens for %d pairs and distances up to %d, the window has %d"
              .formatted(needed, pairs, choices.whole("farthest"), sizes.time()));
    }
    for (int distance : choices.wholes("tested")) {
      if (distance < 2 * pairs) {
        throw new IllegalArgumentException(
            "tested of task recall has %d, expected at least %d for %d pairs"
                .formatted(distance, 2 * pairs, pairs));
      }
    }
  }

  private static void atMost(String name, int value, String limit, int most) {
    if (value > most) {
      throw new IllegalArgumentException(
          "%s of task recall is %d, more than %s, %d".formatted(name, value, limit, most));
    }
  }

  private static Vocabulary vocabulary(int keys, int values) {
    List<String> words = new ArrayList<>();
    words.add(".");
    for (int i = 0; i < keys; i++) {
      int consonant = i % CONSONANTS.length();
      int vowel = (i / CONSONANTS.length() + consonant) % VOWELS.length();
      words.add("" + CONSONANTS.charAt(consonant) + VOWELS.charAt(vowel));
    }
    for (int i = 0; i < values; i++) {
      words.add("%02d".formatted(i));
    }
    return Vocabulary.of(words);
  }

  /** Places for two tokens each that a row has room for: pairs, and keys asked for after them. */
  private int slots(int farthest) {
    return 2 * pairs + farthest / 2;
  }

  @Override
  public String name() {
    return KIND.name();
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Batch batch(long step) {
    int nearest = choices.whole("nearest");
    int farthest = choices.whole("farthest");
    return rows.batch(step, random -> example(random, nearest, farthest));
  }

  @Override
  public List<Example> heldOut() {
    return choices.wholes("tested").stream()
        .flatMap(distance ->
            rows
                .heldOut(
                    "" + distance,
                    choices.whole("held_out"),
                    random -> example(random, distance, distance))
                .stream())
        .toList();
  }

  private Example example(RandomGenerator random, int nearest, int farthest) {
    int[] keys = Draws.distinct(random, choices.whole("keys"), pairs);
    int[] values = random.ints(pairs, 0, choices.whole("values")).toArray();
    int[] order = Draws.distinct(random, pairs, choices.whole("asked"));
    int[] asked = new int[slots(farthest)];
    int end = pairs;
    for (int pair : order) {
      double ratio = (double) farthest / nearest;
      int distance = (int) Math.round(nearest * Math.pow(ratio, random.nextDouble()));
      int slot = pair + distance / 2;
      while (asked[slot] != 0) {
        slot++;
      }
      asked[slot] = pair + 1;
      end = Math.max(end, slot + 1);
    }
    Row row = new Row();
    for (int slot = 0; slot < end; slot++) {
      int pair = slot < pairs ? slot : asked[slot] - 1;
      if (pair < 0) {
        row.add(DOT).add(DOT);
        continue;
      }
      int key = FIRST_KEY + keys[pair];
      int value = FIRST_KEY + choices.whole("keys") + values[pair];
      if (slot < pairs) {
        row.add(key);
      } else {
        row.add(key, value).answer(group(2 * (slot - pair), nearest, farthest));
      }
      row.add(value);
    }
    return row.example();
  }

  private static String group(int distance, int nearest, int farthest) {
    return nearest == farthest ? "distance " + distance : Distances.ofTokens(distance);
  }
}
