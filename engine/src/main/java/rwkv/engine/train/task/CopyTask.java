package rwkv.engine.train.task;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/** {@code copying}: random letters, a bar, and then the same letters again: {@code fbca|fbca}. */
final class CopyTask implements Task {

  static final TaskKind KIND =
      new TaskKind(
          "copying",
          "random letters and a bar: say the letters again, as in fbca|fbca",
          List.of(
              Setting.whole("letters", 8, 2, 26, "different letters"),
              Setting.whole("shortest", 1, 1, 10_000, "letters to copy, at least"),
              Setting.whole("longest", 16, 1, 10_000, "letters to copy, at most"),
              Setting.wholes(
                  "tested", List.of(4, 8, 16, 32), 1, 100_000, "letters of held-out examples"),
              Setting.whole("held_out", 100, 1, 100_000, "held-out examples of each length")),
          CopyTask::new);

  private final Choices choices;
  private final Vocabulary vocabulary;
  private final Rows rows;
  private final int bar;

  private CopyTask(Choices choices, Sizes sizes, Texts texts) {
    this.choices = choices;
    int shortest = choices.whole("shortest");
    int longest = choices.whole("longest");
    if (shortest > longest) {
      throw new IllegalArgumentException(
          "shortest of task copying is %d, longest %d".formatted(shortest, longest));
    }
    if (2 * longest + 1 > sizes.time()) {
      throw new IllegalArgumentException(
          "task copying needs a window of %d tokens for %d letters, the window has %d"
              .formatted(2 * longest + 1, longest, sizes.time()));
    }
    List<String> words =
        IntStream.range(0, choices.whole("letters"))
            .mapToObj(i -> String.valueOf((char) ('a' + i)))
            .toList();
    this.bar = words.size() + 1;
    this.vocabulary =
        Vocabulary.of(
            IntStream.rangeClosed(0, words.size())
                .mapToObj(i -> i < words.size() ? words.get(i) : "|")
                .toList());
    this.rows = new Rows(KIND.name(), sizes);
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
    return rows.batch(
        step,
        random -> {
          int count = Draws.between(random, choices.whole("shortest"), choices.whole("longest"));
          return example(random, count);
        });
  }

  @Override
  public List<Example> heldOut() {
    return choices.wholes("tested").stream()
        .flatMap(count ->
            rows.heldOut("" + count, choices.whole("held_out"), r -> example(r, count)).stream())
        .toList();
  }

  private Example example(RandomGenerator random, int count) {
    int[] letters = random.ints(count, 1, bar).toArray();
    Row row = new Row();
    for (int letter : letters) {
      row.add(letter);
    }
    row.add(bar, letters[0]);
    for (int i = 1; i < count; i++) {
      row.add(letters[i - 1], letters[i]);
    }
    row.answer(count, "length " + count);
    row.add(letters[count - 1], Vocabulary.END);
    return row.example();
  }
}
