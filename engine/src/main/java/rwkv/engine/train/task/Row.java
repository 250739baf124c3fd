package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An example while it is written, token by token. */
final class Row {

  private final List<Example.Answer> answers = new ArrayList<>();
  private int[] tokens = new int[64];
  private int[] targets = new int[64];
  private int length;

  /** A token after which nothing that counts follows. */
  Row add(int token) {
    return add(token, Batch.NOT_SCORED);
  }

  /** A token and what should follow it. */
  Row add(int token, int target) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
      targets = Arrays.copyOf(targets, 2 * length);
    }
    tokens[length] = token;
    targets[length++] = target;
    return this;
  }

  /** The target after the last token, alone, is an answer. */
  Row answer(String... groups) {
    return answer(length - 1, groups);
  }

  /** The targets from there to that after the last token are an answer. */
  Row answer(int from, String... groups) {
    answers.add(new Example.Answer(from, length, List.of(groups)));
    return this;
  }

  int length() {
    return length;
  }

  Example example() {
    return new Example(Arrays.copyOf(tokens, length), Arrays.copyOf(targets, length), answers);
  }
}
