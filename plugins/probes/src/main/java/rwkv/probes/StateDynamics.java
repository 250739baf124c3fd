package rwkv.probes;

import java.util.Arrays;
import java.util.stream.IntStream;
import rwkv.engine.model.Progress;
import rwkv.engine.trace.Trace;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;

/** A run of {@link StateDynamicsProbe}. */
final class StateDynamics {

  private final ProbeContext context;
  private final Findings findings;
  private final Memory memory;
  private final Passes passes;
  private final float[][] before;
  private final float[] now;
  private final StateMeasure[][] last;
  private final double[][] tenth;
  private final StateTables tables;
  private final float[] logits;
  private boolean begun;

  StateDynamics(ProbeContext context) {
    this.context = context;
    this.findings = context.findings();
    this.memory = new Memory(context.model().spec());
    this.passes = new Passes(context.model(), 1);
    this.before = new float[memory.layers()][memory.count()];
    this.now = new float[memory.count()];
    this.last = new StateMeasure[memory.layers()][memory.heads()];
    this.tenth = new double[memory.layers()][memory.heads()];
    this.tables = new StateTables(findings, memory);
    this.logits = new float[context.model().spec().vocabulary()];
  }

  ProbeResult run() {
    int tokens = context.parameters().whole("tokens");
    Span whole = new Span(context.progress(), 0, 1);
    int[][] text = {text(tokens, new Span(whole, 0, 0.4))};
    int[] points = points(tokens);
    int at = 0;
    double first = Double.NaN;
    double loss = Double.NaN;
    for (int point : points) {
      double from = 0.4 + 0.6 * at / tokens;
      double losses = read(text, at, point, new Span(whole, from, 0.4 + 0.6 * point / tokens));
      int predicted = point - Math.max(1, at);
      if (predicted > 0) {
        loss = losses / predicted;
        first = point <= Math.max(100, points[0]) ? loss : first;
        tables.loss(point, loss, predicted);
      }
      measure(point, point <= tokens / 10, 0.4 + 0.6 * point / tokens);
      at = point;
    }
    context.progress().at(1);
    return new StateVerdict(context, memory, last, tenth).result(tokens, first, loss);
  }

  /** Evenly spread, and a tenth of the text among them. */
  private int[] points(int tokens) {
    int[] steps = LogSteps.of(1, tokens, context.parameters().whole("points"));
    return IntStream.concat(Arrays.stream(steps), IntStream.of(tokens / 10))
        .sorted()
        .distinct()
        .toArray();
  }

  private int[] text(int tokens, Progress progress) {
    int[] known;
    if (context.parameters().text("reading").equals(StateDynamicsProbe.NEWLINES)) {
      known = ProbeText.encoded(context, "\n");
    } else {
      known = ProbeText.of(context, tokens, progress);
    }
    if (known.length == 0) {
      throw new ProbeException("the text has no tokens");
    }
    findings.figure("different tokens read", Arrays.stream(known).distinct().count());
    int[] text = new int[tokens];
    Arrays.setAll(text, i -> known[i % known.length]);
    return text;
  }

  /** Reads up to a point, keeps the state one token before it, and gives the sum of the losses. */
  private double read(int[][] text, int from, int to, Progress progress) {
    double[] sum = new double[1];
    Passes.Sink sink =
        (_, token, row) -> {
          System.arraycopy(row, 0, logits, 0, row.length);
          if (token + 1 < to) {
            sum[0] += Logits.loss(row, text[0][token + 1]);
          }
        };
    if (begun) {
      sum[0] += Logits.loss(logits, text[0][from]);
    }
    begun = true;
    if (to - from > 1) {
      passes.read(text, from, to - 1, Trace.OFF, sink, progress);
    }
    for (int layer = 0; layer < before.length; layer++) {
      memory.read(passes.state(), 0, layer, before[layer]);
    }
    passes.read(text, to - 1, to, Trace.OFF, sink, Progress.NONE);
    progress.at(1);
    return sum[0];
  }

  private void measure(int tokens, boolean early, double done) {
    int rows = memory.rows();
    int columns = memory.columns();
    for (int layer = 0; layer < last.length; layer++) {
      memory.read(passes.state(), 0, layer, now);
      for (int head = 0; head < last[layer].length; head++) {
        StateMeasure measure =
            StateMeasure.of(now, before[layer], head * rows * columns, rows, columns);
        last[layer][head] = measure;
        if (early || tenth[layer][head] == 0) {
          tenth[layer][head] = measure.rms();
        }
        tables.head(tokens, layer, head, measure);
      }
      tables.layer(tokens, layer, last[layer]);
      context.progress().at(done);
    }
  }
}
