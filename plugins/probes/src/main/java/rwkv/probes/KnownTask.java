package rwkv.probes;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.Task;
import rwkv.engine.train.task.Tasks;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.Tokenizer;

/** Tasks whose every token is a token of the model: it can be asked in the words of the task. */
final class KnownTask {

  private KnownTask() {}

  /**
   * A task of the trainer with these settings, if the model's tokens stand for the same as the
   * task's, each with the same number.
   *
   * @param time the longest sequence that is asked, where the task wants to know
   */
  static Optional<Task> of(ProbeContext context, String name, Map<String, ?> given, int time) {
    Task task = Tasks.named(name).make(given, new Sizes(1, time, context.seed()));
    return speaks(context, task.vocabulary()) ? Optional.of(task) : Optional.empty();
  }

  /** Whether the model's first tokens are these. */
  static boolean speaks(ProbeContext context, Vocabulary words) {
    Tokenizer tokenizer = context.tokenizer();
    if (words.size() > context.model().spec().vocabulary()) {
      return false;
    }
    for (int token = Vocabulary.END + 1; token < words.size(); token++) {
      if (!Arrays.equals(words.bytes(token), tokenizer.bytes(token))) {
        return false;
      }
    }
    return true;
  }
}
