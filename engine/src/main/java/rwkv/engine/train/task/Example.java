package rwkv.engine.train.task;

import java.util.List;

/**
 * A sequence, from before whose first token a model begins, and what it should say.
 *
 * @param tokens what it reads
 * @param targets what should follow each token, or {@link Batch#NOT_SCORED}
 * @param answers the parts of {@code targets} that are right or wrong
 */
public record Example(int[] tokens, int[] targets, List<Answer> answers) {

  /**
   * An answer. It is right if the likeliest token is the target at all of its places.
   *
   * @param from its first place in {@code targets}
   * @param to the place after its last
   * @param groups what it is counted under beside the total, as in {@code length 12}
   */
  public record Answer(int from, int to, List<String> groups) {
    public Answer {
      groups = List.copyOf(groups);
    }
  }

  /**
   * @throws IllegalArgumentException if there are more or fewer targets than tokens, or answers are
   *     not among the targets that count
   */
  public Example {
    answers = List.copyOf(answers);
    if (tokens.length == 0 || tokens.length != targets.length) {
      throw new IllegalArgumentException(
          "%d targets for %d tokens".formatted(targets.length, tokens.length));
    }
    for (Answer answer : answers) {
      if (answer.from < 0 || answer.to <= answer.from || answer.to > targets.length) {
        throw new IllegalArgumentException(answer + " of " + targets.length + " targets");
      }
      for (int at = answer.from; at < answer.to; at++) {
        if (targets[at] == Batch.NOT_SCORED) {
          throw new IllegalArgumentException(answer + ": target " + at + " does not count");
        }
      }
    }
  }

  /** The same with one more token before it, after which the first should follow. */
  Example after(int token) {
    int length = tokens.length;
    int[] longer = new int[length + 1];
    int[] wanted = new int[length + 1];
    longer[0] = token;
    wanted[0] = tokens[0];
    System.arraycopy(tokens, 0, longer, 1, length);
    System.arraycopy(targets, 0, wanted, 1, length);
    List<Answer> later =
        answers.stream().map(a -> new Answer(a.from + 1, a.to + 1, a.groups)).toList();
    return new Example(longer, wanted, later);
  }
}
