package rwkv.probes;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import rwkv.engine.backend.Buffer;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;
import rwkv.plugin.Chart;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** A run of {@link LinearProbe}. */
final class LinearProbing {

  private final ProbeContext context;
  private final Findings findings;
  private final Memory memory;
  private final boolean ofState;
  private final int heads;
  private final int folds;
  private final Rows table;
  private String bestName = "";
  private double best = Double.NEGATIVE_INFINITY;
  private double bestControl;

  LinearProbing(ProbeContext context) {
    this.context = context;
    this.findings = context.findings();
    this.memory = new Memory(context.model().spec());
    this.ofState = context.parameters().text("from").equals(LinearProbe.STATE);
    this.heads = ofState ? memory.heads() : 1;
    this.folds = context.parameters().whole("folds");
    this.table =
        findings.table(
            "heads",
            TableColumn.whole("layer"),
            TableColumn.whole("head"),
            TableColumn.text("name"),
            TableColumn.real("accuracy"),
            TableColumn.real("control"),
            TableColumn.real("selectivity"));
    map("Accuracy", "accuracy", Chart.Colors.SEQUENTIAL);
    map("Selectivity: accuracy less control", "selectivity", Chart.Colors.DIVERGING);
  }

  private void map(String title, String column, Chart.Colors colors) {
    findings.chart(
        new Chart.HeatMap(
            title, "heads", Axis.of("head"), Axis.of("layer"), Axis.of(column), colors));
  }

  ProbeResult run() {
    Span whole = new Span(context.progress(), 0, 1);
    LabelledTexts texts = LabelledTexts.of(context);
    int n = texts.labels().length;
    if (n < 2 * folds) {
      throw new ProbeException("there are %d texts for %d folds".formatted(n, folds));
    }
    int[] control = Mqar.shuffled(texts.labels(), new Random(context.random("control").nextLong()));
    float[][][] examples = read(texts, new Span(whole, 0, 0.5));
    Span rest = new Span(whole, 0.5, 1);
    for (int i = 0; i < examples.length; i++) {
      double[][] products = Ridge.products(examples[i]);
      rest.part(2 * i, 2 * examples.length).at(1);
      double right = accuracy(products, texts.labels(), texts.names().size());
      double controlled = accuracy(products, control, texts.names().size());
      add(i / heads, i % heads, right, controlled);
      rest.part(2 * i + 1, 2 * examples.length).at(1);
    }
    context.progress().at(1);
    return result(texts);
  }

  private void add(int layer, int head, double right, double control) {
    String name = ofState ? "%s of layer %d".formatted(memory.name(head), layer) : "layer " + layer;
    table.add(layer, head, name, right, control, right - control);
    if (right > best) {
      best = right;
      bestControl = control;
      bestName = name;
    }
  }

  private double accuracy(double[][] products, int[] labels, int classes) {
    double lambda = context.parameters().real("lambda");
    int[] given = Ridge.crossValidated(products, labels, classes, folds, lambda);
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += given[i] == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  /** By layer and head, what is read off after each text. */
  private float[][][] read(LabelledTexts texts, Span span) {
    ModelSpec spec = context.model().spec();
    int n = texts.labels().length;
    int panel = memory.rows() * memory.columns();
    float[][][] examples = new float[spec.layers() * heads][n][];
    float[] layerState = new float[memory.count()];
    LastResiduals residuals = new LastResiduals(spec);
    for (int i = 0; i < n; i++) {
      Passes passes = new Passes(context.model(), 1);
      int[] text = texts.tokens()[i];
      Trace trace = ofState ? Trace.OFF : residuals;
      passes.read(new int[][] {text}, 0, text.length, trace, span.part(i, n));
      for (int layer = 0; layer < spec.layers(); layer++) {
        if (!ofState) {
          examples[layer][i] = residuals.after(layer).clone();
          continue;
        }
        memory.read(passes.state(), 0, layer, layerState);
        for (int head = 0; head < heads; head++) {
          float[] numbers = new float[panel];
          System.arraycopy(layerState, head * panel, numbers, 0, panel);
          examples[layer * heads + head][i] = numbers;
        }
      }
    }
    return examples;
  }

  /** The residual of the last token after every layer. */
  private static final class LastResiduals implements Trace {
    private final float[][] rows;

    LastResiduals(ModelSpec spec) {
      rows = new float[spec.layers()][spec.channels()];
    }

    @Override
    public void at(int layer, Site site, Buffer values) {
      boolean isAfter = site == Site.RESIDUAL && layer > 0 || site == Site.FINAL_RESIDUAL;
      if (isAfter) {
        float[] row = rows[layer - 1];
        values.read((values.rows() - 1) * row.length, row, 0, row.length);
      }
    }

    float[] after(int layer) {
      return rows[layer];
    }
  }

  private ProbeResult result(LabelledTexts texts) {
    int[] counts = new int[texts.names().size()];
    for (int label : texts.labels()) {
      counts[label]++;
    }
    int most = Arrays.stream(counts).max().orElse(0);
    double guess = (double) most / texts.labels().length;
    findings.figure("best accuracy", best);
    findings.figure("its control", bestControl);
    findings.figure("most frequent label", guess);
    findings.figure("labels", texts.names().size());
    return findings.result(
        String.format(
            Locale.ROOT,
            "Of %d texts of %s, %s gives away the answer best: %.0f %% of %d labels are right, of"
                + " labels dealt at random %.0f %%, always saying the most frequent one %.0f %%.",
            texts.labels().length,
            texts.source(),
            bestName,
            100 * best,
            texts.names().size(),
            100 * bestControl,
            100 * guess));
  }
}
