package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Rows that are drawn afresh, each a sequence of its own. Which of all that can be drawn are held
 * out is decided by what they are: one in {@value #SHARE}. So no held-out row is ever learnt from,
 * however few there are.
 */
final class Rows {

  private static final int SHARE = 16;

  /** Enough to find one in {@value #SHARE} unless there is none. */
  private static final int MOST_DRAWS = 2_000;

  private final String task;
  private final Sizes sizes;
  private final float answerWeight;

  /**
   * @param task for messages, and for the stream of random numbers
   */
  Rows(String task, Sizes sizes) {
    this(task, sizes, 1);
  }

  /**
   * @param answerWeight how much a target that is part of an answer counts in a batch, any other
   *     counting 1
   */
  Rows(String task, Sizes sizes, double answerWeight) {
    this.task = task;
    this.sizes = sizes;
    this.answerWeight = (float) answerWeight;
  }

  /** The batch of a step: a row for each sequence, followed by what does not count. */
  Batch batch(long step, Function<RandomGenerator, Example> draw) {
    return batch(random(step), sizes.sequences(), sizes.time(), draw);
  }

  /** The random numbers of a step. */
  RandomGenerator random(long step) {
    return Draws.of(sizes.seed(), task + ".train", step);
  }

  /** A batch of another size. */
  Batch batch(
      RandomGenerator random, int sequences, int time, Function<RandomGenerator, Example> draw) {
    int[] tokens = new int[sequences * time];
    int[] targets = new int[tokens.length];
    float[] weights = new float[tokens.length];
    Arrays.fill(targets, Batch.NOT_SCORED);
    Arrays.fill(weights, 1);
    for (int row = 0; row < sequences; row++) {
      Example example = draw(random, draw, false);
      int length = Math.min(time, example.tokens().length);
      System.arraycopy(example.tokens(), 0, tokens, row * time, length);
      System.arraycopy(example.targets(), 0, targets, row * time, length);
      for (Example.Answer answer : example.answers()) {
        int to = Math.min(time, answer.to());
        Arrays.fill(
            weights, row * time + Math.min(answer.from(), to), row * time + to, answerWeight);
      }
    }
    return new Batch(sequences, time, tokens, targets, weights, false);
  }

  /**
   * Held-out rows.
   *
   * @param name of these, where a task has several kinds
   */
  List<Example> heldOut(String name, int count, Function<RandomGenerator, Example> draw) {
    RandomGenerator random = Draws.of(sizes.seed(), task + ".held-out." + name, 0);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      examples.add(draw(random, draw, true));
    }
    return examples;
  }

  private Example draw(
      RandomGenerator random, Function<RandomGenerator, Example> draw, boolean wanted) {
    for (int i = 0; i < MOST_DRAWS; i++) {
      Example example = draw.apply(random);
      if (isHeldOut(example.tokens()) == wanted) {
        return example;
      }
    }
    throw new IllegalArgumentException(
        "task %s has too few different sequences at these settings to hold some out: take longer ones"
            .formatted(task));
  }

  /** Whether a sequence is held out, whether or not the end of another text comes before it. */
  static boolean isHeldOut(int[] tokens) {
    return Long.remainderUnsigned(Draws.hash(tokens), SHARE) == 0;
  }
}
