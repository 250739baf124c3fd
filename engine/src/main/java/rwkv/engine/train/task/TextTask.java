package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/**
 * {@code text}: what comes next in a text, whose last part is held out. Windows come either in an
 * order that looks random and takes each once before any comes again, or from as many streams as
 * there are sequences, each window going on where the one before ended.
 */
final class TextTask implements Task {

  static final TaskKind KIND =
      new TaskKind(
          "text",
          "what comes next in a text of your own",
          List.of(
              Setting.text("file", "", List.of(), "the text, UTF-8"),
              Setting.text(
                  "vocabulary", "", List.of(), "vocabulary file; without one, single bytes"),
              Setting.text(
                  "order",
                  "shuffled",
                  List.of("shuffled", "streams"),
                  "windows at random, or going on from each other with the state carried"),
              Setting.real("held_out", 0.05, 0.001, 0.5, "share of the text that is held out")),
          TextTask::make);

  private static final int MOST_EXAMPLES = 200;

  private final Vocabulary vocabulary;
  private final int[] tokens;
  private final int learnt;
  private final Sizes sizes;
  private final boolean streams;
  private final long windows;
  private final long prime;

  private TextTask(Choices choices, Sizes sizes, Texts.Text text) {
    this.vocabulary = text.vocabulary();
    this.tokens = text.tokens();
    this.sizes = sizes;
    this.streams = choices.text("order").equals("streams");
    this.learnt = (int) (tokens.length * (1 - choices.real("held_out")));
    int stretch = streams ? learnt / sizes.sequences() : learnt;
    this.windows = (stretch - 1L) / sizes.time();
    if (windows < 1 || tokens.length - learnt < 2) {
      throw new IllegalArgumentException(
          "the text of %d tokens is too short for %s of %d and a held-out part"
              .formatted(
                  tokens.length,
                  streams ? sizes.sequences() + " streams of windows" : "windows",
                  sizes.time()));
    }
    this.prime = MagicPrime.atMost(windows);
  }

  private static Task make(Choices choices, Sizes sizes, Texts texts) {
    if (choices.text("file").isEmpty()) {
      throw new IllegalArgumentException("task text needs a file");
    }
    return new TextTask(
        choices, sizes, texts.read(choices.text("file"), choices.text("vocabulary")));
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
    int time = sizes.time();
    int[] in = new int[sizes.sequences() * time];
    int[] targets = new int[in.length];
    for (int row = 0; row < sizes.sequences(); row++) {
      int start = streams ? streamStart(step, row) : shuffledStart(step, row);
      System.arraycopy(tokens, start, in, row * time, time);
      System.arraycopy(tokens, start + 1, targets, row * time, time);
    }
    return new Batch(sizes.sequences(), time, in, targets, streams && step % windows != 0);
  }

  private int streamStart(long step, int row) {
    int stretch = learnt / sizes.sequences();
    return row * stretch + (int) (step % windows) * sizes.time();
  }

  /** The official trainers' order: {@code ⌊p φ⌋ i³ mod p}, p a prime of the form 3n + 2. */
  private int shuffledStart(long step, int row) {
    long sample = step * sizes.sequences() + row + Math.floorMod(sizes.seed(), prime);
    return (int) (MagicPrime.shuffled(sample, prime) * sizes.time());
  }

  @Override
  public List<Example> heldOut() {
    int length = tokens.length - learnt;
    int time = Math.min(sizes.time(), length - 1);
    int count = Math.min(MOST_EXAMPLES, (length - 1) / time);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int start = learnt + i * time;
      int[] targets = Arrays.copyOfRange(tokens, start + 1, start + 1 + time);
      List<Example.Answer> answers =
          IntStream.range(0, time)
              .mapToObj(at -> new Example.Answer(at, at + 1, List.of()))
              .toList();
      examples.add(new Example(Arrays.copyOfRange(tokens, start, start + time), targets, answers));
    }
    return examples;
  }
}
