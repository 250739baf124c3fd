package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/** {@code stories}: tiny stories about people, places and things, with questions in them. */
final class StoryTask implements Task {

  static final TaskKind KIND =
      new TaskKind(
          "stories",
          "tiny stories about people, places and things, with questions answered in them",
          List.of(
              Setting.real("colored", 0.6, 0, 1, "share of things that have a color"),
              Setting.real("questions", 0.4, 0.05, 0.9, "how often a question comes next"),
              Setting.real(
                  "answer_weight",
                  5,
                  1,
                  100,
                  "how much each token of an answer counts, all others counting 1"),
              Setting.text(
                  "lengths",
                  "mixed",
                  List.of("mixed", "full"),
                  "rows from a quarter of the window up to all of it, as many more, or the window"
                      + " alone"),
              Setting.wholes(
                  "tested", List.of(256, 512), 32, 100_000, "tokens of held-out stories, at most"),
              Setting.whole("held_out", 200, 1, 100_000, "held-out stories of each length")),
          StoryTask::new);

  private static final int SHORTEST = 32;

  /** Lengths of rows, in eighths of the window. */
  private static final List<Integer> EIGHTHS = List.of(2, 3, 4, 6, 6, 8);

  /** Generation begins either with a typed prompt or with the end of a text before: know both. */
  private static final double AFTER_END = 0.25;

  private final Choices choices;
  private final Sizes sizes;
  private final Story.Manner manner;
  private final Rows rows;

  private StoryTask(Choices choices, Sizes sizes, Texts texts) {
    this.choices = choices;
    this.sizes = sizes;
    this.manner = new Story.Manner(choices.real("colored"), choices.real("questions"));
    this.rows = new Rows(KIND.name(), sizes, choices.real("answer_weight"));
    int shortest = isMixed() ? sizes.time() / 4 : sizes.time();
    if (shortest < SHORTEST) {
      throw new IllegalArgumentException(
          "task stories needs a window of at least %d tokens, the window has %d"
              .formatted(isMixed() ? 4 * SHORTEST : SHORTEST, sizes.time()));
    }
  }

  private boolean isMixed() {
    return choices.text("lengths").equals("mixed");
  }

  @Override
  public String name() {
    return KIND.name();
  }

  @Override
  public Vocabulary vocabulary() {
    return StoryWords.VOCABULARY;
  }

  @Override
  public Batch batch(long step) {
    RandomGenerator random = rows.random(step);
    int time = isMixed() ? sizes.time() * Draws.one(random, EIGHTHS) / 8 : sizes.time();
    int sequences = Math.max(1, sizes.sequences() * sizes.time() / time);
    return rows.batch(random, sequences, time, r -> learnt(r, time));
  }

  @Override
  public List<Example> heldOut() {
    List<Example> examples = new ArrayList<>();
    for (int limit : choices.wholes("tested")) {
      examples.addAll(
          rows.heldOut(
              "" + limit,
              choices.whole("held_out"),
              random -> example(new Story(random, manner, limit), limit)));
    }
    return examples;
  }

  /** A row of a batch. */
  private Example learnt(RandomGenerator random, int limit) {
    boolean afterEnd = Draws.chance(random, AFTER_END);
    Story story = new Story(random, manner, limit);
    Example example = example(story, limit);
    return afterEnd && example.tokens().length < limit ? example.after(Vocabulary.END) : example;
  }

  private static Example example(Story story, int limit) {
    int[] tokens = story.tokens();
    int[] targets = new int[tokens.length];
    System.arraycopy(tokens, 1, targets, 0, tokens.length - 1);
    targets[tokens.length - 1] = Vocabulary.END;
    List<Example.Answer> answers = new ArrayList<>();
    for (Story.Answered answered : story.answers()) {
      List<String> groups = new ArrayList<>();
      groups.add("up to " + limit + " tokens");
      groups.add(answered.kind().name().toLowerCase(Locale.ROOT));
      if (answered.kind().needsFact()) {
        groups.add("all but nobody and nothing");
        groups.add(Distances.ofMoves(answered.distance()));
      }
      answers.add(new Example.Answer(answered.from() - 1, answered.to() - 1, groups));
    }
    return new Example(tokens, targets, answers);
  }
}
