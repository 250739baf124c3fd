package rwkv.probes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.trace.Trace;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** A run of {@link MqarProbe}. */
final class Mqar {

  private static final double MASTERED = 0.9;

  /** A cosine from which on the direction that was written counts as stored. */
  private static final double STORED = 0.7;

  private final ProbeContext context;
  private final Findings findings;
  private final ModelSpec spec;
  private final Memory memory;
  private final boolean isMatrix;
  private final int examples;
  private final Rows recall;
  private final Rows storage;

  /** What came of a number of pairs at a distance; the cosine is not a number without matrices. */
  private record Found(int pairs, double accuracy, double cosine) {}

  Mqar(ProbeContext context) {
    this.context = context;
    this.findings = context.findings();
    this.spec = context.model().spec();
    this.memory = new Memory(spec);
    this.isMatrix = Memory.missing(spec).isEmpty() && memory.hasHeads();
    this.examples = context.parameters().whole("examples");
    this.recall =
        findings.table(
            "recall",
            TableColumn.whole("pairs"),
            TableColumn.whole("distance"),
            TableColumn.real("accuracy"),
            TableColumn.real("loss (nats)"),
            TableColumn.real("stored"),
            TableColumn.text("best head"));
    this.storage =
        findings.table(
            "storage",
            TableColumn.whole("pairs"),
            TableColumn.whole("layer"),
            TableColumn.whole("head"),
            TableColumn.text("place"),
            TableColumn.real("cosine"));
    Axis pairs = new Axis("pairs", "pairs", true);
    findings.chart(
        new Chart.Lines("Accuracy by pairs", "recall", pairs, Axis.of("accuracy"), "distance"));
    findings.chart(
        new Chart.HeatMap(
            "Accuracy by pairs and distance",
            "recall",
            Axis.of("pairs"),
            Axis.of("distance"),
            Axis.of("accuracy"),
            Chart.Colors.SEQUENTIAL));
    if (isMatrix) {
      findings.chart(
          new Chart.HeatMap(
              "Stored: cos(S k, v)",
              "storage",
              Axis.of("place"),
              Axis.of("pairs"),
              Axis.of("cosine"),
              Chart.Colors.DIVERGING));
    }
  }

  ProbeResult run() {
    Span whole = new Span(context.progress(), 0, 1);
    PairWords words = PairWords.of(context, new Span(whole, 0, 0.1));
    List<Integer> pairs =
        context.parameters().wholes("pairs").stream()
            .sorted()
            .distinct()
            .filter(count -> count <= words.keys().length)
            .toList();
    if (pairs.isEmpty()) {
      throw new ProbeException(
          "there are only %d different keys to draw from".formatted(words.keys().length));
    }
    List<Integer> distances = context.parameters().wholes("distances");
    List<Found> all = new ArrayList<>();
    Span rest = new Span(whole, 0.1, 1);
    for (int i = 0; i < pairs.size(); i++) {
      for (int d = 0; d < distances.size(); d++) {
        Span part = rest.part(i * distances.size() + d, pairs.size() * distances.size());
        all.add(measure(words, pairs.get(i), distances.get(d), d == 0, part));
      }
    }
    context.progress().at(1);
    return result(pairs, all);
  }

  private Found measure(PairWords words, int pairs, int distance, boolean isFirst, Span span) {
    Random random = new Random(context.random(pairs + " pairs at " + distance).nextLong());
    int[][] sequences = new int[examples][];
    for (int i = 0; i < examples; i++) {
      sequences[i] = words.sequence(random, pairs, distance);
    }
    Passes passes = new Passes(context.model(), examples);
    Storage written = isMatrix ? new Storage(spec, memory, examples, 2 * pairs) : null;
    passes.read(
        sequences, 0, 2 * pairs, written == null ? Trace.OFF : written, new Span(span, 0, 0.4));
    double best = Double.NaN;
    String place = null;
    if (written != null) {
      int[] values = IntStream.range(0, pairs).map(i -> 2 * i + 1).toArray();
      for (int layer = 0; layer < memory.layers(); layer++) {
        for (int head = 0; head < memory.heads(); head++) {
          double cosine = written.cosine(passes.state(), layer, head, values);
          String name = "L%d %s".formatted(layer, memory.name(head));
          if (isFirst) {
            storage.add(pairs, layer, head, name, cosine);
          }
          if (!(cosine <= best)) {
            best = cosine;
            place = name;
          }
        }
      }
    }
    int questions = 2 * pairs + distance;
    passes.read(sequences, 2 * pairs, questions, Trace.OFF, new Span(span, 0.4, 0.6));
    double[] loss = new double[1];
    int[] right = new int[1];
    passes.read(
        sequences,
        questions,
        questions + 2 * pairs - 1,
        Trace.OFF,
        (sequence, token, logits) -> {
          if ((token - questions) % 2 == 0) {
            int value = sequences[sequence][token + 1];
            loss[0] += Logits.loss(logits, value);
            right[0] += Logits.likeliest(logits) == value ? 1 : 0;
          }
        },
        new Span(span, 0.6, 1));
    double asked = (double) pairs * examples;
    recall.add(
        pairs,
        distance,
        right[0] / asked,
        loss[0] / asked,
        written == null ? null : (Double) best,
        place);
    return new Found(pairs, right[0] / asked, best);
  }

  private ProbeResult result(List<Integer> pairs, List<Found> all) {
    int mastered = 0;
    for (int count : pairs) {
      boolean isMastered =
          all.stream().filter(f -> f.pairs == count).allMatch(f -> f.accuracy >= MASTERED);
      if (!isMastered) {
        break;
      }
      mastered = count;
    }
    findings.figure("pairs mastered", mastered);
    findings.figure("mean accuracy", all.stream().mapToDouble(Found::accuracy).average().orElse(0));
    String begin =
        mastered == 0
            ? "It does not remember even %d".formatted(pairs.getFirst())
            : String.format(
                Locale.ROOT,
                "It remembers up to %d (%.0f %% right or more at every distance)",
                mastered,
                100 * MASTERED);
    int most = mastered;
    List<Found> lost = all.stream().filter(f -> f.pairs > most).toList();
    if (lost.isEmpty()) {
      return findings.result(begin + ", as many as were asked.");
    }
    Found worst = Collections.min(lost, (f, g) -> Double.compare(f.accuracy, g.accuracy));
    String why =
        Double.isNaN(worst.cosine)
            ? ""
            : worst.cosine >= STORED
                ? "; the best head still holds them (cosine %.2f): a failure of use"
                    .formatted(worst.cosine)
                : "; no head holds them (best cosine %.2f): a failure of storage"
                    .formatted(worst.cosine);
    return findings.result(
        String.format(
            Locale.ROOT,
            "%s pairs; of %d it says %.0f %% right%s.",
            begin,
            worst.pairs,
            100 * worst.accuracy,
            why));
  }

  /** Tokens in an order of their own. */
  static int[] shuffled(int[] tokens, Random random) {
    List<Integer> list = new ArrayList<>(Arrays.stream(tokens).boxed().toList());
    Collections.shuffle(list, random);
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
