package rwkv.app.chart;

/**
 * How signed numbers of several fields (the heads of a model) become colours: which size has the
 * strongest colour. Zero is always in the middle. Every limit is a {@link CalmLimit}.
 */
public final class SignedScale {

  /** What decides the limit. */
  public enum Mode {
    /** The largest magnitude of all fields: colours can be compared everywhere. */
    SHARED,
    /** The largest magnitude of each field: faint fields show, but cannot be compared. */
    PER_HEAD,
    /** The size that 99 % of all numbers keep within; the rest is drawn at the limit. */
    ROBUST
  }

  /** The share of numbers that {@link Mode#ROBUST} keeps within its limit. */
  public static final double ROBUST_SHARE = 0.99;

  private final CalmLimit shared = new CalmLimit();
  private CalmLimit[] each = {};
  private Mode mode = Mode.SHARED;

  public Mode mode() {
    return mode;
  }

  /** Changes what decides; the next observation decides alone. */
  public void mode(Mode newMode) {
    mode = newMode;
    restart();
  }

  /** Another model with so many fields. */
  public void fields(int count) {
    each = new CalmLimit[count];
    for (int i = 0; i < count; i++) {
      each[i] = new CalmLimit();
    }
    restart();
  }

  /**
   * Takes note of how far all fields reach, in the modes other than {@link Mode#PER_HEAD}.
   *
   * @param extent the largest magnitude, or its quantile for {@link Mode#ROBUST}
   * @param seconds now
   * @return whether the limit has changed
   */
  public boolean observeAll(double extent, double seconds) {
    return shared.observe(extent, seconds);
  }

  /** Takes note of how far a field reaches, in {@link Mode#PER_HEAD}. */
  public boolean observeOne(int field, double extent, double seconds) {
    return each[field].observe(extent, seconds);
  }

  /** The size with the strongest colour in a field; 0 while all was zero. */
  public double limit(int field) {
    return mode == Mode.PER_HEAD ? each[field].limit() : shared.limit();
  }

  /** Forgets what was seen: the next numbers decide. */
  public void restart() {
    shared.restart();
    for (CalmLimit limit : each) {
      limit.restart();
    }
  }
}
