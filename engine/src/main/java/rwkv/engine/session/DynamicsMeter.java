package rwkv.engine.session;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.State;
import rwkv.engine.session.Event.Dynamics;

/** Measures how large every head's memory is and how much a token changed it. */
final class DynamicsMeter {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private final StateLayout.Reader reader;
  private final StateLayout layout;
  private final float[][] before;
  private float[] now;

  DynamicsMeter(ModelSpec spec) {
    reader = new StateLayout.Reader(spec);
    layout = reader.layout();
    before = new float[layout.layers()][layout.count()];
    now = new float[layout.count()];
  }

  /** Takes the state as what comes before the next token. */
  void start(State state) {
    for (int layer = 0; layer < before.length; layer++) {
      reader.read(state, layer, before[layer]);
    }
  }

  /** Compares the state with the one of the last call. */
  Dynamics measure(State state) {
    int heads = layout.groups();
    int skipped = layout.firstMeasuredRow() * layout.columns();
    int size = layout.panel() - skipped;
    float[] rms = new float[before.length * heads];
    float[] change = new float[rms.length];
    for (int layer = 0; layer < before.length; layer++) {
      float[] old = before[layer];
      reader.read(state, layer, now);
      for (int head = 0; head < heads; head++) {
        int from = head * layout.panel() + skipped;
        double squares = squares(now, from, size);
        double moved = squaredDistance(now, old, from, size);
        rms[layer * heads + head] = (float) Math.sqrt(squares / size);
        change[layer * heads + head] = squares == 0 ? 0 : (float) Math.sqrt(moved / squares);
      }
      before[layer] = now;
      now = old;
    }
    return new Dynamics(rms, change);
  }

  private static double squares(float[] x, int from, int count) {
    int bound = from + FLOATS.loopBound(count);
    FloatVector lanes = FloatVector.zero(FLOATS);
    for (int i = from; i < bound; i += FLOATS.length()) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      lanes = v.fma(v, lanes);
    }
    double sum = sum(lanes);
    for (int i = bound; i < from + count; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }

  private static double squaredDistance(float[] x, float[] y, int from, int count) {
    int bound = from + FLOATS.loopBound(count);
    FloatVector lanes = FloatVector.zero(FLOATS);
    for (int i = from; i < bound; i += FLOATS.length()) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i).sub(FloatVector.fromArray(FLOATS, y, i));
      lanes = v.fma(v, lanes);
    }
    double sum = sum(lanes);
    for (int i = bound; i < from + count; i++) {
      double d = x[i] - y[i];
      sum += d * d;
    }
    return sum;
  }

  /** In one order, compiled or interpreted, so that the same text shows the same numbers. */
  private static double sum(FloatVector lanes) {
    double sum = 0;
    for (float lane : lanes.toArray()) {
      sum += lane;
    }
    return sum;
  }
}
