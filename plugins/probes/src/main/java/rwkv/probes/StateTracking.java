package rwkv.probes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Version;
import rwkv.engine.session.Session;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.run.Evaluation;
import rwkv.engine.train.task.Task;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** A run of {@link StateTrackingProbe}. */
final class StateTracking {

  /** Of answers that are right, so that a length counts as mastered. */
  private static final double MASTERED = 0.9;

  /** Tokens read at once, so that others have their turn. */
  private static final int CHUNK = 128;

  private final ProbeContext context;
  private final Findings findings;
  private final List<Integer> lengths;
  private final int examples;
  private final boolean swaps;
  private final Rows accuracies;
  private final List<String> said = new ArrayList<>();

  /** A problem, and the task that the model was taught it as; null if it is asked as text. */
  private record Asked(WordProblem problem, Optional<Task> task) {}

  StateTracking(ProbeContext context) {
    this.context = context;
    this.findings = context.findings();
    this.lengths = context.parameters().wholes("lengths").stream().sorted().distinct().toList();
    this.examples = context.parameters().whole("examples");
    this.swaps = context.parameters().text("moves").equals(StateTrackingProbe.SWAPS);
    this.accuracies =
        findings.table(
            "accuracy",
            TableColumn.text("problem"),
            TableColumn.text("format"),
            TableColumn.whole("length"),
            TableColumn.real("accuracy"),
            TableColumn.whole("right"),
            TableColumn.whole("of"),
            TableColumn.real("chance"));
    findings.chart(
        new Chart.Lines(
            "Accuracy by length",
            "accuracy",
            new Axis("length", "changes", true),
            Axis.of("accuracy"),
            "problem"));
  }

  ProbeResult run() {
    Span whole = new Span(context.progress(), 0, 1);
    List<Asked> problems = problems();
    for (int i = 0; i < problems.size(); i++) {
      ask(problems.get(i), new Span(whole, 0, 0.95).part(i, problems.size()));
    }
    eigenvalues(problems.getFirst(), new Span(whole, 0.95, 1));
    context.progress().at(1);
    return findings.result(String.join(" ", said));
  }

  private List<Asked> problems() {
    String wanted = context.parameters().text("problem");
    boolean asText = context.parameters().text("format").equals(StateTrackingProbe.TEXT);
    List<Asked> all = new ArrayList<>();
    for (WordProblem problem : WordProblem.values()) {
      if (wanted.equals(StateTrackingProbe.AUTO) || wanted.equals(problem.id())) {
        all.add(new Asked(problem, asText ? Optional.empty() : task(problem)));
      }
    }
    if (wanted.equals(StateTrackingProbe.AUTO)
        && all.stream().anyMatch(asked -> asked.task.isPresent())) {
      all.removeIf(asked -> asked.task.isEmpty());
    }
    return all;
  }

  private Optional<Task> task(WordProblem problem) {
    return KnownTask.of(
        context, problem.task(), problem.settings(lengths, examples, swaps), lengths.getLast());
  }

  private void ask(Asked asked, Span span) {
    Map<String, Evaluation.Score> taught =
        asked.task.map(task -> taught(task, span)).orElse(Map.of());
    int mastered = 0;
    boolean isMastered = true;
    for (int i = 0; i < lengths.size(); i++) {
      int length = lengths.get(i);
      Evaluation.Score score = taught.get("length " + length);
      if (score == null) {
        score = text(asked.problem, length, span.part(i, lengths.size()));
      }
      accuracies.add(
          asked.problem.id(),
          asked.task.isPresent() ? "as taught" : "text",
          length,
          score.accuracy(),
          score.right(),
          score.of(),
          asked.problem.chance(swaps));
      isMastered &= score.accuracy() >= MASTERED;
      mastered = isMastered ? length : mastered;
    }
    findings.figure("longest " + asked.problem.id(), mastered);
    said.add(sentence(asked.problem, mastered));
  }

  private String sentence(WordProblem problem, int mastered) {
    return mastered == 0
        ? "It does not keep track of %s over %d changes."
            .formatted(problem.id(), lengths.getFirst())
        : String.format(
            Locale.ROOT,
            "It keeps track of %s (%.0f %% right or more) over up to %d changes.",
            problem.id(),
            100 * MASTERED,
            mastered);
  }

  /** By length: every example is asked after each of them. */
  private Map<String, Evaluation.Score> taught(Task task, Span span) {
    try {
      return Evaluation.of(context.model(), context.model().initial(), task.heldOut(), span)
          .groups();
    } catch (IllegalArgumentException e) {
      throw new ProbeException(String.valueOf(e.getMessage()), e);
    }
  }

  private Evaluation.Score text(WordProblem problem, int length, Span span) {
    RandomGenerator random = context.random(problem.id() + " of length " + length);
    int right = 0;
    for (int example = 0; example < examples; example++) {
      StringBuilder text = new StringBuilder();
      for (int shot = 0; shot < context.parameters().whole("shots"); shot++) {
        WordProblem.Question solved = problem.draw(random, length, swaps);
        text.append(solved.asked()).append(solved.answer()).append('\n');
      }
      WordProblem.Question question = problem.draw(random, length, swaps);
      text.append(question.asked());
      right += isSaid(text.toString(), question.answer(), span.part(example, examples)) ? 1 : 0;
    }
    return new Evaluation.Score(right, examples);
  }

  /** Whether the likeliest tokens after a text are an answer. */
  private boolean isSaid(String text, String answer, Span span) {
    int[] asked = ProbeText.encoded(context, text);
    int[] wanted = ProbeText.encoded(context, answer);
    Session session = context.session();
    float[] logits = session.prefill(asked, CHUNK, span);
    for (int token : wanted) {
      if (Logits.likeliest(logits) != token) {
        return false;
      }
      logits = session.decode(token);
    }
    return true;
  }

  /** Of every head while it reads the longest question. */
  private void eigenvalues(Asked asked, Span span) {
    ModelSpec spec = context.model().spec();
    if (!spec.version().equals(Version.V7)) {
      return;
    }
    Memory memory = new Memory(spec);
    SmallestEigenvalue smallest = new SmallestEigenvalue(spec, memory.heads());
    Session session = context.session();
    session.trace(smallest);
    int[] tokens =
        asked.task.isPresent()
            ? asked.task.get().heldOut().getFirst().tokens()
            : ProbeText.encoded(
                context,
                asked
                    .problem
                    .draw(context.random("eigenvalues"), lengths.getLast(), swaps)
                    .asked());
    session.prefill(tokens, CHUNK, span);
    session.trace(Trace.OFF);
    Rows table =
        findings.table(
            "eigenvalues",
            TableColumn.whole("layer"),
            TableColumn.whole("head"),
            TableColumn.real("smallest eigenvalue"));
    findings.chart(
        new Chart.HeatMap(
            "Smallest eigenvalue used",
            "eigenvalues",
            Axis.of("head"),
            Axis.of("layer"),
            Axis.of("smallest eigenvalue"),
            Chart.Colors.DIVERGING));
    double least = 1;
    for (int layer = 0; layer < memory.layers(); layer++) {
      for (int head = 0; head < memory.heads(); head++) {
        table.add(layer, head, smallest.of(layer, head));
        least = Math.min(least, smallest.of(layer, head));
      }
    }
    findings.figure("smallest eigenvalue", least);
  }
}
