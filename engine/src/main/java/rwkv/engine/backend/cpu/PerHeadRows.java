package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;

/** Gradients of what has a sum over one head of one row in it. */
final class PerHeadRows {

  private PerHeadRows() {}

  /**
   * What the gradients of a norm are made of: room ← h = g · weight, and from {@code size} on x̂ =
   * (x − mean) · scale.
   *
   * @return scale, 1 / √(var + eps)
   */
  static float normal(
      float[] room,
      float[] g,
      float[] x,
      int at,
      float[] weight,
      int channel,
      int size,
      float eps) {
    float mean = Sums.of(x, at, size) / size;
    float scale = (float) (1 / Math.sqrt(Sums.squares(x, at, mean, size) / size + eps));
    int bound = size - size % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(g, at + c).mul(load(weight, channel + c)).intoArray(room, c);
      load(x, at + c).sub(mean).mul(scale).intoArray(room, size + c);
    }
    for (int c = bound; c < size; c++) {
      room[c] = g[at + c] * weight[channel + c];
      room[size + c] = (x[at + c] - mean) * scale;
    }
    return scale;
  }

  /** d += scale · (h − mean(h) − x̂ mean(h x̂)) */
  static void norm(float[] d, int at, float[] room, int size, float scale) {
    float mean = Sums.of(room, 0, size) / size;
    float along = Sums.products(room, 0, room, size, size) / size;
    FloatVector minusAlong = FloatVector.broadcast(Lanes.FLOATS, -along);
    FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, scale);
    int bound = size - size % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      FloatVector rest = load(room, size + c).fma(minusAlong, load(room, c).sub(mean));
      rest.fma(factor, load(d, at + c)).intoArray(d, at + c);
    }
    for (int c = bound; c < size; c++) {
      float rest = Math.fma(room[size + c], -along, room[c] - mean);
      d[at + c] = Math.fma(rest, scale, d[at + c]);
    }
  }

  /**
   * room ← (g − κ̂ ⟨g, κ̂⟩) / ‖u‖, the gradient of u = k ∘ keyScale, where κ̂ = u / ‖u‖. Where the
   * norm has been raised to its floor it is a constant, and the second term is absent.
   */
  static void removalKey7(
      float[] room, float[] g, float[] k, int at, float[] keyScale, int channel, int size) {
    int bound = size - size % COUNT;
    for (int c = 0; c < bound; c += COUNT) {
      load(k, at + c).mul(load(keyScale, channel + c)).intoArray(room, c);
    }
    for (int c = bound; c < size; c++) {
      room[c] = k[at + c] * keyScale[channel + c];
    }
    double norm = Math.sqrt(Sums.squares(room, 0, 0, size));
    boolean floored = norm <= ReferenceKernels.NORM_FLOOR;
    double scale = 1 / Math.max(norm, ReferenceKernels.NORM_FLOOR);
    double along = floored ? 0 : Sums.products(room, 0, g, at, size) * scale * scale;
    FloatVector minusAlong = FloatVector.broadcast(Lanes.FLOATS, (float) -along);
    for (int c = 0; c < bound; c += COUNT) {
      load(room, c).fma(minusAlong, load(g, at + c)).mul((float) scale).intoArray(room, c);
    }
    for (int c = bound; c < size; c++) {
      room[c] = Math.fma(room[c], (float) -along, g[at + c]) * (float) scale;
    }
  }
}
