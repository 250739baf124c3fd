package rwkv.probes;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import rwkv.engine.train.task.Task;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;

/**
 * Tokens that keys, values and what stands between are drawn from.
 *
 * @param keys each at most once in a sequence
 * @param values any number of times
 * @param between drawn at random
 */
record PairWords(int[] keys, int[] values, int[] between) {

  /** As many as the trainer's task has unless it is told otherwise. */
  private static final int KEYS = 32;

  private static final int DOT = 1;
  private static final int FIRST_KEY = 2;

  /** Enough for the task to agree; its sequences are not used. */
  private static final int TIME = 1024;

  static PairWords of(ProbeContext context, Span span) {
    Optional<Task> taught = KnownTask.of(context, "recall", Map.of(), TIME);
    if (context.parameters().text("format").equals(MqarProbe.AUTO) && taught.isPresent()) {
      int[] keys = IntStream.range(FIRST_KEY, FIRST_KEY + KEYS).toArray();
      int[] values = IntStream.range(FIRST_KEY + KEYS, FIRST_KEY + 2 * KEYS).toArray();
      return new PairWords(keys, values, new int[] {DOT});
    }
    int[] text = ProbeText.of(context, context.parameters().whole("tokens"), span);
    int[] known = Arrays.stream(text).distinct().sorted().toArray();
    if (known.length < 2) {
      throw new ProbeException(
          "the text has %d different tokens, expected at least 2".formatted(known.length));
    }
    int[] mixed = Mqar.shuffled(known, new Random(context.random("words").nextLong()));
    int half = mixed.length / 2;
    int[] values = Arrays.copyOfRange(mixed, half, mixed.length);
    return new PairWords(Arrays.copyOf(mixed, half), values, values);
  }

  /** Pairs, what stands between, and every key again with its value. */
  int[] sequence(Random random, int pairs, int distance) {
    int[] drawn = Arrays.copyOf(Mqar.shuffled(keys, random), pairs);
    int[] sequence = new int[4 * pairs + distance];
    int[] value = new int[pairs];
    for (int i = 0; i < pairs; i++) {
      value[i] = values[random.nextInt(values.length)];
      sequence[2 * i] = drawn[i];
      sequence[2 * i + 1] = value[i];
    }
    for (int i = 0; i < distance; i++) {
      sequence[2 * pairs + i] = between[random.nextInt(between.length)];
    }
    int[] order = Mqar.shuffled(IntStream.range(0, pairs).toArray(), random);
    for (int i = 0; i < pairs; i++) {
      sequence[2 * pairs + distance + 2 * i] = drawn[order[i]];
      sequence[2 * pairs + distance + 2 * i + 1] = value[order[i]];
    }
    return sequence;
  }
}
