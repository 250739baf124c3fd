package rwkv.app.decaylab;

import java.util.Map;
import java.util.TreeMap;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFormula;
import rwkv.engine.train.DecayScale;
import rwkv.engine.train.DecayShape;

/** An edit carried out on the layers that a scope names. */
record ScopedEdit(DecayShape shape, Scope scope, int layer) {

  /**
   * What the layers become.
   *
   * @param raw of all layers as they are, not changed
   * @return raw numbers of the layers that are edited
   */
  Map<Integer, double[]> apply(double[][] raw, HalfLifeEdit edit) {
    Map<Integer, double[]> changed = new TreeMap<>();
    for (int l = 0; l < raw.length; l++) {
      if (isEdited(l)) {
        changed.put(l, edited(raw[l], edit));
      }
    }
    return scope == Scope.BETWEEN ? interpolated(raw, changed) : changed;
  }

  /** As {@link #apply}, with what a formula says. */
  Map<Integer, double[]> apply(double[][] raw, DecayFormula formula) {
    Map<Integer, double[]> changed = new TreeMap<>();
    for (int l = 0; l < raw.length; l++) {
      boolean isEnd = l == 0 || l == raw.length - 1;
      if (scope == Scope.BETWEEN ? isEnd : isEdited(l)) {
        changed.put(l, formula.raw(l, shape));
      }
    }
    return scope == Scope.BETWEEN ? interpolated(raw, changed) : changed;
  }

  private boolean isEdited(int l) {
    return scope == Scope.ALL || l == layer;
  }

  /** Channels that the edit leaves alone keep their raw number to the bit. */
  private double[] edited(double[] raw, HalfLifeEdit edit) {
    DecayScale scale = shape.scale();
    double[] before = new double[raw.length];
    for (int i = 0; i < raw.length; i++) {
      before[i] = Math.clamp(scale.halfLife(raw[i]), scale.shortest(), scale.longest());
    }
    double[] after = before.clone();
    edit.apply(after);
    double[] changed = raw.clone();
    for (int i = 0; i < raw.length; i++) {
      if (after[i] != before[i]) {
        changed[i] = scale.raw(Math.clamp(after[i], scale.shortest(), scale.longest()));
      }
    }
    return changed;
  }

  private Map<Integer, double[]> interpolated(double[][] raw, Map<Integer, double[]> ends) {
    double[][] all = raw.clone();
    ends.forEach((l, row) -> all[l] = row);
    DecayCurve curve = DecayCurve.of(shape, all).interpolated();
    Map<Integer, double[]> rows = new TreeMap<>();
    for (int l = 0; l < all.length; l++) {
      rows.put(l, curve.raw(l));
    }
    return rows;
  }
}
