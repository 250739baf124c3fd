package rwkv.engine.train.task;

import java.util.List;
import java.util.random.RandomGenerator;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/**
 * {@code parity}: after every bit, whether the ones so far are odd. The answer is never read, so
 * that it cannot be had from the one before.
 */
final class ParityTask implements Task {

  static final TaskKind KIND =
      new TaskKind(
          "parity",
          "bits: after each, whether the ones so far are even or odd; the window is the length"
              + " learnt from",
          List.of(
              Setting.real("ones", 0.5, 0.01, 0.99, "probability of a one"),
              Setting.wholes(
                  "tested",
                  List.of(4, 8, 16, 32, 64, 128, 256),
                  1,
                  100_000,
                  "lengths after which held-out examples are asked"),
              Setting.whole("held_out", 200, 1, 100_000, "held-out examples")),
          ParityTask::new);

  private static final int ZERO = 1;
  private static final int ONE = 2;
  private static final int EVEN = 3;
  private static final int ODD = 4;
  private static final Vocabulary VOCABULARY = Vocabulary.of(List.of("0", "1", " even", " odd"));

  private final Choices choices;
  private final Sizes sizes;
  private final Rows rows;

  private ParityTask(Choices choices, Sizes sizes, Texts texts) {
    this.choices = choices;
    this.sizes = sizes;
    this.rows = new Rows(KIND.name(), sizes);
  }

  @Override
  public String name() {
    return KIND.name();
  }

  @Override
  public Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  public Batch batch(long step) {
    return rows.batch(step, random -> example(random, sizes.time(), List.of()));
  }

  @Override
  public List<Example> heldOut() {
    List<Integer> tested = choices.wholes("tested");
    int longest = tested.stream().mapToInt(Integer::intValue).max().orElseThrow();
    return rows.heldOut("", choices.whole("held_out"), random -> example(random, longest, tested));
  }

  private Example example(RandomGenerator random, int length, List<Integer> asked) {
    Row row = new Row();
    boolean odd = false;
    for (int i = 1; i <= length; i++) {
      boolean one = Draws.chance(random, choices.real("ones"));
      odd ^= one;
      row.add(one ? ONE : ZERO, odd ? ODD : EVEN);
      if (asked.contains(i)) {
        row.answer("length " + i);
      }
    }
    return row.example();
  }
}
