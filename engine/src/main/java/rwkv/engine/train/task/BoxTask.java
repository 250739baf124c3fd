package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/**
 * {@code classroom}: letters are put into boxes, the last one counts, and boxes are asked for:
 * {@code 1c2a?1c1d?1d}. Small enough to check by eye, and for heads of four channels.
 */
final class BoxTask implements Task {

  static final TaskKind KIND =
      new TaskKind(
          "classroom",
          "letters put into boxes, and questions which letter a box holds, as in 1c2a?1c1d?1d",
          List.of(
              Setting.whole("boxes", 4, 1, 9, "boxes"),
              Setting.whole("letters", 4, 2, 26, "different letters"),
              Setting.real("questions", 0.4, 0.05, 0.9, "share of questions among the moves"),
              Setting.wholes("tested", List.of(16, 64), 1, 100_000, "moves of held-out examples"),
              Setting.whole("held_out", 100, 1, 100_000, "held-out examples of each length")),
          BoxTask::new);

  private static final int MOST_MOVE_TOKENS = 3;

  private final Choices choices;
  private final Sizes sizes;
  private final Rows rows;
  private final Vocabulary vocabulary;
  private final int boxes;

  private BoxTask(Choices choices, Sizes sizes, Texts texts) {
    this.choices = choices;
    this.sizes = sizes;
    this.boxes = choices.whole("boxes");
    this.rows = new Rows(KIND.name(), sizes);
    if (sizes.time() < 2 * MOST_MOVE_TOKENS) {
      throw new IllegalArgumentException(
          "task classroom needs a window of at least %d tokens, the window has %d"
              .formatted(2 * MOST_MOVE_TOKENS, sizes.time()));
    }
    List<String> words = new ArrayList<>();
    words.add("?");
    IntStream.rangeClosed(1, boxes).forEach(box -> words.add("" + box));
    IntStream.range(0, choices.whole("letters")).forEach(i -> words.add("" + (char) ('a' + i)));
    this.vocabulary = Vocabulary.of(words);
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
    return rows.batch(step, random -> example(random, sizes.time(), Integer.MAX_VALUE));
  }

  @Override
  public List<Example> heldOut() {
    return choices.wholes("tested").stream()
        .flatMap(moves ->
            rows
                .heldOut(
                    "" + moves,
                    choices.whole("held_out"),
                    random -> example(random, Integer.MAX_VALUE, moves))
                .stream())
        .toList();
  }

  /** A row that ends after so many moves, or before the next may be too long for so many tokens. */
  private Example example(RandomGenerator random, int mostTokens, int mostMoves) {
    Row row = new Row();
    int[] letters = new int[boxes];
    int[] since = new int[boxes];
    int box = random.nextInt(boxes);
    boolean first = true;
    for (int move = 1; move <= mostMoves && mostTokens - row.length() >= MOST_MOVE_TOKENS; move++) {
      int[] filled = IntStream.range(0, boxes).filter(b -> since[b] > 0).toArray();
      if (!first && Draws.chance(random, choices.real("questions"))) {
        box = filled[random.nextInt(filled.length)];
        row.add(vocabulary.find("?")).add(box(box), letter(letters[box]));
        row.answer(Distances.ofMoves(move - since[box]));
        row.add(letter(letters[box]));
      } else {
        box = random.nextInt(boxes);
        letters[box] = random.nextInt(choices.whole("letters"));
        since[box] = move;
        row.add(box(box)).add(letter(letters[box]));
      }
      first = false;
    }
    return row.example();
  }

  private int box(int number) {
    return 2 + number;
  }

  private int letter(int number) {
    return 2 + boxes + number;
  }
}
