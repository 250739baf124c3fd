package rwkv.probes;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Buffer;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/** Keeps the residual after every block, row by row, until it is cleared. */
final class Residuals implements Trace {

  private final List<List<float[]>> rows = new ArrayList<>();

  Residuals(int layers) {
    for (int layer = 0; layer < layers; layer++) {
      rows.add(new ArrayList<>());
    }
  }

  @Override
  public void at(int layer, Site site, Buffer values) {
    if (layer == 0 || (site != Site.RESIDUAL && site != Site.FINAL_RESIDUAL)) {
      return;
    }
    for (int row = 0; row < values.rows(); row++) {
      float[] copy = new float[values.channels()];
      values.read(row * copy.length, copy, 0, copy.length);
      rows.get(layer - 1).add(copy);
    }
  }

  void clear() {
    rows.forEach(List::clear);
  }

  /** Of the tokens since it was cleared. */
  List<float[]> after(int layer) {
    return rows.get(layer);
  }
}
