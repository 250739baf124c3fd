package rwkv.engine.session;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/** How much of every layer's value matrix the last token could do without. */
final class SkippedShares implements Trace {

  private final float[] shares;

  SkippedShares(int layers) {
    shares = new float[layers];
    clear();
  }

  @Override
  public void at(int layer, Site site, Buffer values) {
    if (site == Site.SKIPPED) {
      values.read(values.length() - 1, shares, layer, 1);
    }
  }

  /** There is no last token. */
  void clear() {
    Arrays.fill(shares, Float.NaN);
  }

  /** A share for every layer; NaN before the first token. */
  void read(float[] into) {
    System.arraycopy(shares, 0, into, 0, shares.length);
  }
}
