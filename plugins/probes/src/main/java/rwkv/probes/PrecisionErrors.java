package rwkv.probes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.State;
import rwkv.engine.trace.Trace;

/** What two models that read the same text have computed differently. */
final class PrecisionErrors {

  private final int every;
  private final Residuals right;
  private final Residuals other;
  private final @Nullable LogitLens lens;
  private final Memory memory;
  private final Prediction own;
  private final double[] squares;
  private final double[] errors;
  private final double[] divergences;
  private final double[][] stateErrors;
  private int lenses;
  private int predictions;
  private int same;
  private double divergence;
  private int targets;
  private double ownLoss;
  private double otherLoss;

  /**
   * @param every a lens is held at every so many tokens; 0 for none
   */
  PrecisionErrors(ModelSpec spec, Checkpoint checkpoint, int every) {
    this.every = every;
    this.right = new Residuals(spec.layers());
    this.other = new Residuals(spec.layers());
    this.lens = every == 0 ? null : new LogitLens(checkpoint);
    this.memory = new Memory(spec);
    this.own = new Prediction(spec.vocabulary());
    this.squares = new double[spec.layers()];
    this.errors = new double[spec.layers()];
    this.divergences = new double[spec.layers()];
    this.stateErrors = new double[spec.layers()][memory.heads()];
  }

  Trace right() {
    return right;
  }

  Trace other() {
    return other;
  }

  /**
   * Adds what both predict.
   *
   * @param target what came, −1 at the end of the text
   */
  void prediction(float[] p, float[] q, int target) {
    double total = Logits.logarithmOfSum(q);
    own.set(p);
    divergence += own.divergence(q, total);
    same += Logits.likeliest(p) == Logits.likeliest(q) ? 1 : 0;
    predictions++;
    if (target >= 0) {
      ownLoss += own.loss(target);
      otherLoss += total - q[target];
      targets++;
    }
  }

  /**
   * Takes the residuals of the last tokens.
   *
   * @param first place of the first of them in the text
   */
  void take(int first, Progress progress) {
    int looked = 0;
    for (int layer = 0; layer < squares.length; layer++) {
      List<float[]> mine = right.after(layer);
      List<float[]> others = other.after(layer);
      List<float[]> seen = new ArrayList<>();
      for (int t = 0; t < mine.size(); t++) {
        add(layer, mine.get(t), others.get(t));
        if (every > 0 && (first + t + 1) % every == 0) {
          seen.add(mine.get(t));
          seen.add(others.get(t));
        }
      }
      looked = seen.size() / 2;
      look(layer, seen);
      progress.at((layer + 1.0) / squares.length);
    }
    lenses += looked;
    right.clear();
    other.clear();
  }

  private void add(int layer, float[] mine, float[] others) {
    for (int c = 0; c < mine.length; c++) {
      double d = (double) others[c] - mine[c];
      errors[layer] += d * d;
      squares[layer] += (double) mine[c] * mine[c];
    }
  }

  private void look(int layer, List<float[]> pairs) {
    if (lens == null) {
      return;
    }
    float[][] logits = lens.logits(pairs.toArray(float[][]::new));
    for (int i = 0; i < logits.length; i += 2) {
      divergences[layer] += Logits.divergence(logits[i], logits[i + 1]);
    }
  }

  /** Compares the states after the last token. */
  void states(State mine, State others) {
    float[] one = new float[memory.count()];
    float[] two = new float[memory.count()];
    int size = memory.count() / memory.heads();
    for (int layer = 0; layer < stateErrors.length; layer++) {
      memory.read(mine, 0, layer, one);
      memory.read(others, 0, layer, two);
      for (int head = 0; head < memory.heads(); head++) {
        stateErrors[layer][head] = error(one, two, head * size, size);
      }
    }
  }

  private static double error(float[] one, float[] two, int from, int count) {
    double squares = 0;
    double error = 0;
    for (int i = from; i < from + count; i++) {
      double d = (double) two[i] - one[i];
      error += d * d;
      squares += (double) one[i] * one[i];
    }
    return error == 0 ? 0 : Math.sqrt(error / squares);
  }

  int layers() {
    return squares.length;
  }

  /** ‖x′ − x‖ / ‖x‖ of the residual after a layer. */
  double residual(int layer) {
    return errors[layer] == 0 ? 0 : Math.sqrt(errors[layer] / squares[layer]);
  }

  /** Mean divergence through the lens, nats; null where none was held. */
  @Nullable Double lens(int layer) {
    return lenses == 0 ? null : divergences[layer] / lenses;
  }

  /** ‖S′ − S‖ / ‖S‖ of each head of a layer. */
  double[] states(int layer) {
    return stateErrors[layer].clone();
  }

  double divergence() {
    return divergence / predictions;
  }

  /** Share of predictions whose likeliest token is the same. */
  double agreement() {
    return (double) same / predictions;
  }

  double ownLoss() {
    return ownLoss / targets;
  }

  double otherLoss() {
    return otherLoss / targets;
  }
}
