package rwkv.probes;

import java.util.Map;
import java.util.random.RandomGenerator;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.ProbeContext;

/** Makes texts with a needle, in the words that a model knows. */
final class Haystack {

  private static final String FILLER =
      "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again. ";
  private static final int DIGITS = 100_000;

  /** Enough for the task to agree; its sequences are not used. */
  private static final int TIME = 1024;

  private static final int KEYS = 32;
  private static final int DOT = 1;
  private static final int FIRST_KEY = 2;

  private final ProbeContext context;
  private final boolean isTaught;
  private final int[] filler;

  /**
   * A text with a needle, a question, and the same without the needle.
   *
   * @param with the text, the question and the answer
   * @param without the same with filler in the needle's place
   * @param question where the question begins
   * @param answer where the answer begins
   */
  record Straw(int[] with, int[] without, int question, int answer) {}

  Haystack(ProbeContext context) {
    this.context = context;
    String format = context.parameters().text("format");
    this.isTaught =
        format.equals(NeedleProbe.AUTO)
            && KnownTask.of(context, "recall", Map.of(), TIME).isPresent();
    this.filler = isTaught ? new int[] {DOT} : filler();
  }

  /** Whether it speaks in the words of the trainer's task. */
  boolean isTaught() {
    return isTaught;
  }

  private int[] filler() {
    boolean isOwn = context.parameters().text(ProbeText.SETTING.name()).isBlank();
    int longest =
        context.parameters().wholes("lengths").stream().mapToInt(Integer::intValue).max().orElse(1);
    return isOwn
        ? ProbeText.encoded(context, FILLER)
        : ProbeText.of(context, longest, _ -> context.progress().at(0));
  }

  /**
   * A text of at least {@code length} tokens, more only where the needle is longer.
   *
   * @param depth of the needle, 0 to 1
   */
  Straw draw(RandomGenerator random, int length, double depth) {
    int[] needle;
    int[] question;
    int[] answer;
    if (isTaught) {
      int key = FIRST_KEY + random.nextInt(KEYS);
      int value = FIRST_KEY + KEYS + random.nextInt(KEYS);
      needle = new int[] {key, value};
      question = new int[] {key};
      answer = new int[] {value};
    } else {
      String key = "%05d".formatted(random.nextInt(DIGITS));
      needle = encoded("The pass key is " + key + ". Remember it. ");
      question = encoded("What is the pass key? The pass key is");
      answer = encoded(" " + key);
    }
    int around = Math.max(0, length - needle.length);
    int before = (int) Math.round(depth * around);
    int end = around + needle.length;
    int[] with = new int[end + question.length + answer.length];
    for (int i = 0; i < end; i++) {
      with[i] = filler[i % filler.length];
    }
    System.arraycopy(question, 0, with, end, question.length);
    System.arraycopy(answer, 0, with, end + question.length, answer.length);
    int[] without = with.clone();
    System.arraycopy(needle, 0, with, before, needle.length);
    return new Straw(with, without, end, end + question.length);
  }

  private int[] encoded(String text) {
    int[] tokens = ProbeText.encoded(context, text);
    return tokens.length == 0 ? new int[] {Vocabulary.END} : tokens;
  }
}
