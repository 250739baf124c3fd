package rwkv.app.decaylab;

import java.util.Arrays;
import java.util.stream.IntStream;
import rwkv.app.open.OpenModel;
import rwkv.engine.model.Progress;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.train.DecayCurve;
import rwkv.plugin.Tokenizer;

/**
 * The open model with its own decays and with others, on the same prompt and the same seed.
 *
 * @param originalText that it wrote with its own decays
 * @param changedText that it wrote with the others
 * @param judged tokens of the text that both predicted
 * @param isOwnText whether the original wrote that text itself
 */
public record Comparison(
    Side original,
    Side changed,
    String originalText,
    String changedText,
    int judged,
    boolean isOwnText) {

  /**
   * What both are to do.
   *
   * @param prompt to go on from
   * @param text to predict; empty for the prompt and what the original writes
   * @param most tokens to write
   */
  record Task(int[] prompt, int[] text, int most, SamplerSettings settings, Tokenizer tokenizer) {}

  /**
   * Runs both, one after the other; what is open goes on beside it.
   *
   * @param open whose file is opened twice
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  static Comparison of(
      OpenModel open, DecayCurve own, DecayCurve other, Task task, Progress progress) {
    Side original;
    int[] judged = task.text;
    try (OpenModel model = open.with(own, false, part(progress, 0))) {
      original = write(model, task, part(progress, 0.1));
      if (judged.length == 0) {
        judged = joined(task.prompt, original.written());
      }
      original = judge(model, original, judged, part(progress, 0.3));
    }
    Side changed;
    try (OpenModel model = open.with(other, true, part(progress, 0.5))) {
      changed = write(model, task, part(progress, 0.6));
      changed = judge(model, changed, judged, part(progress, 0.8));
    }
    Tokenizer tokenizer = task.tokenizer;
    return new Comparison(
        original,
        changed,
        tokenizer.decode(original.written()),
        tokenizer.decode(changed.written()),
        judged.length,
        task.text.length == 0);
  }

  private static Progress part(Progress progress, double from) {
    return done -> progress.at(from + 0.2 * done);
  }

  private static Side write(OpenModel model, Task task, Progress progress) {
    int end = task.tokenizer.endOfText();
    return model.compute(
        (session, p) -> Side.write(session, task.prompt, task.most, task.settings, end, p),
        progress);
  }

  private static Side judge(OpenModel model, Side side, int[] text, Progress progress) {
    return text.length < 2
        ? side
        : model.compute((session, p) -> side.withLoss(session, text, p), progress);
  }

  private static int[] joined(int[] first, int[] second) {
    return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }
}
