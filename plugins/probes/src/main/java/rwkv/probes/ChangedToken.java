package rwkv.probes;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import rwkv.engine.analysis.HalfLife;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.trace.Trace;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/**
 * A run of {@link HalfLifeProbe}. Sequence 2i is a window as it is, 2i + 1 the same with another
 * token.
 */
final class ChangedToken {

  private static final int POINTS_PER_DECADE = 24;

  private final ProbeContext context;
  private final int tokens;
  private final int before;
  private final int trials;
  private final Memory memory;
  private final HeadChange[][] heads;
  private final DecaySums decays;
  private final Passes passes;
  private final HalfLifeTables tables;
  private final float[] own;
  private final float[] changed;

  ChangedToken(ProbeContext context) {
    this.context = context;
    this.tokens = context.parameters().whole("tokens");
    this.before = context.parameters().whole("context");
    this.trials = context.parameters().whole("windows");
    ModelSpec spec = context.model().spec();
    this.memory = new Memory(spec);
    this.heads = new HeadChange[memory.layers()][memory.heads()];
    for (HeadChange[] layer : heads) {
      Arrays.setAll(layer, _ -> new HeadChange(trials, memory.columns()));
    }
    this.decays = new DecaySums(spec, 2 * trials);
    this.passes = new Passes(context.model(), 2 * trials);
    this.tables = new HalfLifeTables(context.findings(), memory, tokens);
    this.own = new float[memory.count()];
    this.changed = new float[memory.count()];
  }

  ProbeResult run() {
    Span whole = new Span(context.progress(), 0, 1);
    int[][] windows =
        ProbeText.windows(context, trials, before + 1 + tokens, new Span(whole, 0, 0.3));
    int[][] sequences = pairs(windows);
    passes.read(sequences, 0, before, Trace.OFF, new Span(whole, 0.3, 0.4));
    double all = tokens + 1;
    int at = 0;
    for (int point : LogSteps.of(1, tokens + 1, POINTS_PER_DECADE)) {
      // Points count the changed token itself; what has passed since does not.
      tables.output(
          point - 1,
          divergences(
              sequences,
              at,
              point,
              new Span(whole, 0.4 + 0.6 * at / all, 0.4 + 0.6 * point / all)));
      measure(point - 1);
      at = point;
    }
    context.progress().at(1);
    return tables.result(heads, this::median);
  }

  private int[][] pairs(int[][] windows) {
    RandomGenerator random = context.random("changed tokens");
    int[] known = Arrays.stream(windows).flatMapToInt(Arrays::stream).distinct().sorted().toArray();
    int[][] sequences = new int[2 * windows.length][];
    for (int i = 0; i < windows.length; i++) {
      int[] other = windows[i].clone();
      other[before] = other(known, other[before], random);
      sequences[2 * i] = windows[i];
      sequences[2 * i + 1] = other;
    }
    return sequences;
  }

  /** Another token of the text; any other one where it has only this. */
  private int other(int[] known, int old, RandomGenerator random) {
    int[] others = Arrays.stream(known).filter(token -> token != old).toArray();
    if (others.length == 0) {
      int vocabulary = context.model().spec().vocabulary();
      others = IntStream.range(0, vocabulary).filter(token -> token != old).toArray();
    }
    return others.length == 0 ? old : others[random.nextInt(others.length)];
  }

  /** Reads some tokens and gives the divergence after each of them in each window. */
  private double[] divergences(int[][] sequences, int from, int to, Span span) {
    double[] divergences = new double[(to - from) * trials];
    Prediction right = new Prediction(context.model().spec().vocabulary());
    passes.read(
        sequences,
        before + from,
        before + to,
        decays,
        (sequence, token, logits) -> {
          if (sequence % 2 == 0) {
            right.set(logits);
          } else {
            divergences[(token - before - from) * trials + sequence / 2] =
                right.divergence(logits, Logits.logarithmOfSum(logits));
          }
        },
        span);
    return divergences;
  }

  private void measure(int passed) {
    int panel = memory.rows() * memory.columns();
    for (int layer = 0; layer < heads.length; layer++) {
      double[][] squares = new double[memory.heads()][trials * memory.columns()];
      double[][] lnW = new double[memory.heads()][trials * memory.columns()];
      double[] sizes = new double[memory.heads()];
      for (int trial = 0; trial < trials; trial++) {
        memory.read(passes.state(), 2 * trial, layer, own);
        memory.read(passes.state(), 2 * trial + 1, layer, changed);
        for (int head = 0; head < memory.heads(); head++) {
          sizes[head] += difference(head * panel, trial, squares[head]) / trials;
          decays(layer, head, trial, lnW[head]);
        }
      }
      for (int head = 0; head < memory.heads(); head++) {
        heads[layer][head].add(passed, squares[head], sizes[head], lnW[head]);
      }
      double change = Arrays.stream(squares).flatMapToDouble(Arrays::stream).sum() / trials;
      tables.layer(passed, layer, Math.sqrt(change / Arrays.stream(sizes).sum()));
    }
  }

  /** Squares of the change by key dimension; gives the square of the state's size. */
  private double difference(int from, int trial, double[] squares) {
    int columns = memory.columns();
    double size = 0;
    for (int row = 0; row < memory.rows(); row++) {
      for (int j = 0; j < columns; j++) {
        int i = from + row * columns + j;
        double d = (double) changed[i] - own[i];
        squares[trial * columns + j] += d * d;
        size += (double) own[i] * own[i];
      }
    }
    return size;
  }

  private void decays(int layer, int head, int trial, double[] into) {
    int columns = memory.columns();
    for (int j = 0; j < columns; j++) {
      into[trial * columns + j] = decays.sum(layer, 2 * trial, head * columns + j);
    }
  }

  /** The median half-life of a head's key channels, over all tokens since and all windows. */
  private double median(int layer, int head) {
    double[] lnW = new double[memory.columns()];
    for (int trial = 0; trial < trials; trial++) {
      for (int j = 0; j < lnW.length; j++) {
        lnW[j] += decays.sum(layer, 2 * trial, head * lnW.length + j) / trials / (tokens + 1);
      }
    }
    return HalfLifeTables.median(Arrays.stream(lnW).map(HalfLife::tokens).toArray());
  }
}
