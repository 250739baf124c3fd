package rwkv.app.chart;

/**
 * Colours for sizes: cividis, evenly rising in lightness from dark blue to yellow and the same to
 * colour-blind eyes (the polynomial fit used by D3). For lines on a coloured ground the end that
 * would vanish in it can be left out.
 */
public final class SequentialMap {

  private static final int LAST = 255;

  private final int[] table = new int[LAST + 1];

  /**
   * @param from where on cividis the smallest lies, 0 (dark blue) to 1 (yellow)
   * @param to where the largest lies; may be below {@code from}
   */
  public SequentialMap(double from, double to) {
    for (int i = 0; i <= LAST; i++) {
      table[i] = cividis(from + (to - from) * i / LAST);
    }
  }

  /** For lines on this ground (0xRRGGBB): the largest stand out most. */
  public static SequentialMap on(int ground) {
    return OkLab.lightness(ground) < 0.5 ? new SequentialMap(0.22, 1) : new SequentialMap(0.86, 0);
  }

  /**
   * The colour at {@code t}, 0 (smallest) to 1 (largest); what is beyond has the end's colour.
   *
   * @return opaque ARGB
   */
  public int color(double t) {
    return table[(int) Math.round(Math.clamp(t, 0, 1) * LAST)];
  }

  private static int cividis(double t) {
    double r = -4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57))));
    double g = 32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37))));
    double b = 81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67))));
    return 0xFF000000 | part(r) << 16 | part(g) << 8 | part(b);
  }

  private static int part(double x) {
    return (int) Math.round(Math.clamp(x, 0, 255));
  }
}
