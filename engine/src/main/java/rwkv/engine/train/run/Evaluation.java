package rwkv.engine.train.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rwkv.engine.backend.Buffer;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.task.Batch;
import rwkv.engine.train.task.Example;

/**
 * How good a model is at examples.
 *
 * @param loss mean cross entropy of all targets that count, in nats
 * @param targets how many
 * @param total of all answers
 * @param groups of the answers of each group, in natural order of their names
 */
public record Evaluation(double loss, long targets, Score total, Map<String, Score> groups) {

  private static final int SEQUENCES = 16;

  /** Logits held at a time. */
  private static final int MOST_LOGITS = 1 << 22;

  public Evaluation {
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
  }

  /**
   * Answers.
   *
   * @param right those whose every token is the likeliest
   * @param of how many
   */
  public record Score(long right, long of) {
    private static final Score NONE = new Score(0, 0);

    /** From 0 to 1; not a number where there are no answers. */
    public double accuracy() {
      return (double) right / of;
    }

    private Score with(boolean isRight) {
      return new Score(right + (isRight ? 1 : 0), of + 1);
    }
  }

  /**
   * Asks a model.
   *
   * @param before the state that every example begins with, as {@link Rwkv#initial}
   * @param progress may end it
   * @throws IllegalArgumentException if a token is not in the model's vocabulary
   */
  public static Evaluation of(
      Rwkv model, StateSnapshot before, List<Example> examples, Progress progress) {
    List<Example> sorted = new ArrayList<>(examples);
    sorted.sort(Comparator.comparingInt(example -> example.tokens().length));
    Judge judge = new Judge();
    for (int at = 0; at < sorted.size(); at += SEQUENCES) {
      List<Example> group = sorted.subList(at, Math.min(sorted.size(), at + SEQUENCES));
      judge.ask(model, before, group);
      progress.at((double) (at + group.size()) / sorted.size());
    }
    return judge.result();
  }

  /**
   * For a file, {@code group,right,of,accuracy}: a line for the loss of all targets, one for all
   * answers and one for every group.
   */
  public String csv() {
    StringBuilder lines = new StringBuilder("group,right,of,accuracy\n");
    lines.append(String.format(Locale.ROOT, "loss,,%d,%.6f\n", targets, loss));
    line(lines, "all", total);
    groups.forEach((name, score) -> line(lines, name, score));
    return lines.toString();
  }

  private static void line(StringBuilder lines, String name, Score score) {
    lines.append(
        String.format(
            Locale.ROOT, "%s,%d,%d,%.6f\n", name, score.right, score.of, score.accuracy()));
  }

  /** What has been asked so far. */
  private static final class Judge {

    private final Map<String, Score> groups = new LinkedHashMap<>();
    private Score total = Score.NONE;
    private double loss;
    private long targets;

    /** Runs some examples side by side, the shorter ones followed by what is not looked at. */
    void ask(Rwkv model, StateSnapshot before, List<Example> examples) {
      int longest = examples.getLast().tokens().length;
      int vocabulary = model.spec().vocabulary();
      int chunk = Math.clamp(MOST_LOGITS / ((long) examples.size() * vocabulary), 1, longest);
      State state = model.state(examples.size());
      for (int sequence = 0; sequence < examples.size(); sequence++) {
        state.restore(sequence, before);
      }
      boolean[][] right = new boolean[examples.size()][longest];
      for (int at = 0; at < longest; at += chunk) {
        int time = Math.min(chunk, longest - at);
        Buffer logits = model.logits(examples.size(), time);
        model.forward(logits, tokens(examples, at, time), time, state, Trace.OFF);
        for (int sequence = 0; sequence < examples.size(); sequence++) {
          int[] wanted = examples.get(sequence).targets();
          for (int t = 0; t < time && at + t < wanted.length; t++) {
            int target = wanted[at + t];
            if (target != Batch.NOT_SCORED) {
              right[sequence][at + t] = judge(logits, sequence * time + t, target);
            }
          }
        }
      }
      for (int sequence = 0; sequence < examples.size(); sequence++) {
        for (Example.Answer answer : examples.get(sequence).answers()) {
          count(answer, right[sequence]);
        }
      }
    }

    private static int[] tokens(List<Example> examples, int from, int time) {
      int[] tokens = new int[examples.size() * time];
      for (int sequence = 0; sequence < examples.size(); sequence++) {
        int[] all = examples.get(sequence).tokens();
        int count = Math.clamp(all.length - from, 0, time);
        if (count > 0) {
          System.arraycopy(all, from, tokens, sequence * time, count);
        }
      }
      return tokens;
    }

    /** Whether the target is the likeliest token; its loss is added up. */
    private boolean judge(Buffer logits, int row, int target) {
      float[] scores = new float[logits.channels()];
      logits.read(row * scores.length, scores, 0, scores.length);
      int best = 0;
      for (int i = 1; i < scores.length; i++) {
        best = scores[i] > scores[best] ? i : best;
      }
      double sum = 0;
      for (float score : scores) {
        sum += Math.exp((double) score - scores[best]);
      }
      loss += Math.log(sum) + scores[best] - scores[target];
      targets++;
      return best == target;
    }

    private void count(Example.Answer answer, boolean[] right) {
      boolean all = true;
      for (int at = answer.from(); at < answer.to(); at++) {
        all &= right[at];
      }
      total = total.with(all);
      for (String group : answer.groups()) {
        groups.put(group, groups.getOrDefault(group, Score.NONE).with(all));
      }
    }

    Evaluation result() {
      Map<String, Score> sorted = new LinkedHashMap<>();
      groups.keySet().stream()
          .sorted(NaturalNames.ORDER)
          .forEach(name -> sorted.put(name, groups.getOrDefault(name, Score.NONE)));
      return new Evaluation(loss / targets, targets, total, sorted);
    }
  }
}
