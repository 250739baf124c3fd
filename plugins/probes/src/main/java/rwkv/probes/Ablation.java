package rwkv.probes;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Engine;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.CheckpointDecays;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** A run of {@link AblationProbe}. */
final class Ablation {

  /** Heads changed side by side, at most. */
  private static final int HEADS = 15;

  /** Of the states of as many sequences. */
  private static final long MOST_BYTES = 256L << 20;

  /** Positions of a window that a mean is taken over. */
  private static final int POSITIONS = 8;

  private final ProbeContext context;
  private final String change;
  private final int before;
  private final int after;
  private final int layers;
  private final int heads;
  private final HeadStates states;
  private final AblationGrid grid;
  private final StateSnapshot[] snapshots;
  private int[][] windows = {};
  private HeadStates.Mean[] means = {};

  Ablation(ProbeContext context) {
    this.context = context;
    this.change = context.parameters().text("change");
    this.before = context.parameters().whole("context");
    this.after = context.parameters().whole("after");
    ModelSpec spec = context.model().spec();
    Memory memory = new Memory(spec);
    this.layers = memory.layers();
    this.heads = memory.heads();
    this.states = new HeadStates(spec);
    this.grid = new AblationGrid(context.findings(), memory, change);
    this.snapshots = new StateSnapshot[context.parameters().whole("windows")];
  }

  ProbeResult run() {
    Span whole = new Span(context.progress(), 0, 1);
    windows =
        ProbeText.windows(context, snapshots.length, before + after + 1, new Span(whole, 0, 0.2));
    readContexts(new Span(whole, 0.2, 0.3));
    Span rest = new Span(whole, 0.3, 1);
    if (change.equals(AblationProbe.DECAY)) {
      changeDecays(rest);
    } else {
      changeStates(rest);
    }
    context.progress().at(1);
    return grid.result();
  }

  private void readContexts(Span span) {
    boolean mean = change.equals(AblationProbe.MEAN);
    if (mean) {
      means = new HeadStates.Mean[layers * heads];
      Arrays.setAll(means, _ -> new HeadStates.Mean());
    }
    Passes passes = new Passes(context.model(), windows.length);
    int steps = Math.min(POSITIONS, before);
    for (int i = 0; i < steps; i++) {
      int from = (int) ((long) before * i / steps);
      int to = (int) ((long) before * (i + 1) / steps);
      passes.read(windows, from, to, Trace.OFF, span.part(i, steps));
      if (mean || i == steps - 1) {
        take(passes, mean);
      }
    }
  }

  private void take(Passes passes, boolean mean) {
    for (int w = 0; w < snapshots.length; w++) {
      snapshots[w] = passes.state().snapshot(w);
      for (int i = 0; mean && i < means.length; i++) {
        means[i].add(states.of(snapshots[w], i / heads, i % heads));
      }
    }
  }

  private void changeStates(Span span) {
    int all = layers * heads;
    int most = Math.clamp(MOST_BYTES / snapshots[0].bytes() - 1, 1, HEADS);
    int groups = (all + most - 1) / most;
    for (int group = 0; group < groups; group++) {
      int first = group * most;
      int count = Math.min(most, all - first);
      Effects effects = new Effects(count);
      Span part = span.part(group, groups);
      Passes passes = new Passes(context.model(), count + 1);
      for (int w = 0; w < windows.length; w++) {
        passes.restore(0, snapshots[w]);
        for (int i = 0; i < count; i++) {
          int layer = (first + i) / heads;
          int head = (first + i) % heads;
          float[][] numbers = changed(w, layer, head);
          passes.restore(i + 1, states.with(snapshots[w], layer, head, numbers));
        }
        effects.read(passes, windows[w], part.part(w, windows.length));
      }
      for (int i = 0; i < count; i++) {
        grid.add((first + i) / heads, (first + i) % heads, effects.loss(i), effects.divergence(i));
      }
    }
  }

  private float[][] changed(int window, int layer, int head) {
    return switch (change) {
      case AblationProbe.ZERO -> states.nothing();
      case AblationProbe.MEAN -> means[layer * heads + head].numbers();
      default -> {
        RandomGenerator random =
            context.random("window %d, layer %d, head %d".formatted(window, layer, head));
        yield HeadStates.shuffled(states.of(snapshots[window], layer, head), random);
      }
    };
  }

  /** The first sequence is the one whose state is its own. */
  private final class Effects {
    private final double[] losses;
    private final double[] divergences;
    private final Prediction own = new Prediction(context.model().spec().vocabulary());

    Effects(int count) {
      losses = new double[count];
      divergences = new double[count];
    }

    void read(Passes passes, int[] window, Span span) {
      passes.read(
          Passes.repeated(window, losses.length + 1),
          before,
          before + after,
          Trace.OFF,
          (sequence, token, logits) -> {
            if (sequence == 0) {
              own.set(logits);
            } else {
              double total = Logits.logarithmOfSum(logits);
              int target = window[token + 1];
              losses[sequence - 1] += total - logits[target] - own.loss(target);
              divergences[sequence - 1] += own.divergence(logits, total);
            }
          },
          span);
    }

    double loss(int head) {
      return losses[head] / ((double) after * windows.length);
    }

    double divergence(int head) {
      return divergences[head] / ((double) after * windows.length);
    }
  }

  private void changeDecays(Span span) {
    DecayShape shape = DecayShape.of(context.model().spec());
    DecayCurve own = CheckpointDecays.read(context.checkpoint(), shape);
    double factor = context.parameters().real("factor");
    for (int i = 0; i < layers * heads; i++) {
      int layer = i / heads;
      int head = i % heads;
      int each = shape.values() / heads;
      double[] raw = own.raw(layer);
      for (int j = head * each; j < (head + 1) * each; j++) {
        raw[j] = DecayFactors.scaled(shape.scale(), raw[j], factor);
      }
      Span part = span.part(i, layers * heads);
      try (Engine other =
          context.open(
              CheckpointDecays.replaced(
                  new Borrowed(context.checkpoint()), own.with(layer, raw)))) {
        compare(other, layer, head, part);
      }
    }
  }

  private void compare(Engine other, int layer, int head, Span span) {
    Passes right = new Passes(context.model(), windows.length);
    for (int w = 0; w < windows.length; w++) {
      right.restore(w, snapshots[w]);
    }
    Passes changed = new Passes(other.model(), windows.length);
    changed.read(windows, 0, before, Trace.OFF, new Span(span, 0, 0.6));
    double[] sums = new double[2];
    Prediction own = new Prediction(context.model().spec().vocabulary());
    right.compare(
        changed,
        windows,
        before,
        before + after,
        Trace.OFF,
        Trace.OFF,
        (w, token, p, q) -> {
          int target = windows[w][token + 1];
          double total = Logits.logarithmOfSum(q);
          own.set(p);
          sums[0] += total - q[target] - own.loss(target);
          sums[1] += own.divergence(q, total);
        },
        new Span(span, 0.6, 1));
    double count = (double) after * windows.length;
    grid.add(layer, head, sums[0] / count, sums[1] / count);
  }
}
