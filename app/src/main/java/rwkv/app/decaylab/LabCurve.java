package rwkv.app.decaylab;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import rwkv.engine.analysis.DecayProfile;
import rwkv.engine.analysis.LagGrid;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayScale;
import rwkv.engine.train.DecayShape;

/**
 * The decays being edited, with half-lives and analyses kept for every layer: an edit of one layer
 * costs one layer's work. Rows are replaced, never written into.
 */
final class LabCurve {

  /** A write counts as kept while half of it is left. */
  static final double KEPT = 0.5;

  /** Distances from 1 to 131 072 tokens. */
  static final LagGrid LAGS = new LagGrid(17, 4);

  private final DecayShape shape;
  private final DecayScale scale;
  private final double[][] raw;
  private final double[][] halfLives;
  private final DecayProfile[] profiles;

  LabCurve(DecayCurve curve) {
    shape = curve.shape();
    scale = shape.scale();
    raw = new double[shape.layers()][];
    halfLives = new double[shape.layers()][];
    profiles = new DecayProfile[shape.layers()];
    for (int layer = 0; layer < raw.length; layer++) {
      set(layer, curve.raw(layer));
    }
  }

  DecayShape shape() {
    return shape;
  }

  /** Replaces a layer's raw numbers. */
  void set(int layer, double[] row) {
    raw[layer] = row;
    halfLives[layer] = Arrays.stream(row).map(scale::halfLife).toArray();
    profiles[layer] = DecayProfile.of(halfLives[layer], LAGS, KEPT);
  }

  void set(Map<Integer, double[]> rows) {
    rows.forEach(this::set);
  }

  /** A layer's raw numbers, not to be changed. */
  double[] raw(int layer) {
    return raw[layer];
  }

  /** A layer's half-lives in tokens, not to be changed. */
  double[] halfLives(int layer) {
    return halfLives[layer];
  }

  /** Of all layers, not to be changed. */
  double[][] halfLives() {
    return halfLives;
  }

  DecayProfile profile(int layer) {
    return profiles[layer];
  }

  /** All rows as they are now; they will not change. */
  double[][] rows() {
    return raw.clone();
  }

  /** The layers whose rows are others than these. */
  Map<Integer, double[]> changedFrom(double[][] before) {
    Map<Integer, double[]> changed = new TreeMap<>();
    for (int layer = 0; layer < raw.length; layer++) {
      if (raw[layer] != before[layer] && !Arrays.equals(raw[layer], before[layer])) {
        changed.put(layer, raw[layer]);
      }
    }
    return changed;
  }

  DecayCurve toCurve() {
    return DecayCurve.of(shape, raw);
  }
}
