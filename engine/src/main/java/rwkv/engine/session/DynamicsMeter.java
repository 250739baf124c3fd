package rwkv.engine.session;

import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.State;
import rwkv.engine.model.StatePart;
import rwkv.engine.session.Event.Dynamics;

/** Measures how large every head's WKV state is and how much a token changed it. */
final class DynamicsMeter {

  private final int part;
  private final int heads;
  private final float[][] before;
  private float[] now;

  DynamicsMeter(ModelSpec spec) {
    part = spec.statePart(StatePart.ATT_KV);
    heads = spec.heads();
    int count = part < 0 ? 0 : spec.stateParts().get(part).count();
    before = new float[spec.layers()][count];
    now = new float[count];
  }

  /** Takes the state as what comes before the next token. */
  void start(State state) {
    for (int layer = 0; layer < before.length && part >= 0; layer++) {
      state.read(0, layer, part, before[layer]);
    }
  }

  /** Compares the state with the one of the last call. */
  Dynamics measure(State state) {
    if (part < 0) {
      return Dynamics.NONE;
    }
    float[] rms = new float[before.length * heads];
    float[] change = new float[rms.length];
    for (int layer = 0; layer < before.length; layer++) {
      float[] old = before[layer];
      state.read(0, layer, part, now);
      int size = now.length / heads;
      for (int head = 0; head < heads; head++) {
        double squares = squares(now, head * size, size);
        double moved = squaredDistance(now, old, head * size, size);
        rms[layer * heads + head] = (float) Math.sqrt(squares / size);
        change[layer * heads + head] = squares == 0 ? 0 : (float) Math.sqrt(moved / squares);
      }
      before[layer] = now;
      now = old;
    }
    return new Dynamics(rms, change);
  }

  /** Four sums side by side: one alone would wait for itself at every addition. */
  private static double squares(float[] x, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = from;
    for (; i + 4 <= from + count; i += 4) {
      a += x[i] * x[i];
      b += x[i + 1] * x[i + 1];
      c += x[i + 2] * x[i + 2];
      d += x[i + 3] * x[i + 3];
    }
    for (; i < from + count; i++) {
      a += x[i] * x[i];
    }
    return (double) a + b + c + d;
  }

  private static double squaredDistance(float[] x, float[] y, int from, int count) {
    float a = 0;
    float b = 0;
    int i = from;
    for (; i + 2 <= from + count; i += 2) {
      float e = x[i] - y[i];
      float f = x[i + 1] - y[i + 1];
      a += e * e;
      b += f * f;
    }
    for (; i < from + count; i++) {
      a += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return (double) a + b;
  }
}
