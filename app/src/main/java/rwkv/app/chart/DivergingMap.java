package rwkv.app.chart;

/**
 * Colours for signed numbers: blue below zero, red above, told apart by colour-blind eyes too. Zero
 * is exactly the neutral colour given, usually the theme's background; from there lightness moves
 * away alike on both sides, darker from a light neutral and lighter from a dark one, a little
 * faster near zero (as t^0.6, in the dark as √t), since most numbers of a state are small beside
 * its largest.
 */
public final class DivergingMap {

  /** Steps on each side of zero. */
  public static final int STEPS = 255;

  /** What is not a number looks like this: a colour that no number has. */
  public static final int NOT_A_NUMBER = 0xFFE6C300;

  private static final double EASE = 0.6;
  private static final double EASE_IN_THE_DARK = 0.5;
  private static final double STRONGEST = 0.21;
  private static final double BLUE = 252;
  private static final double RED = 32;

  private final int[] table = new int[2 * STEPS + 1];

  /**
   * @param neutral the colour of zero, 0xRRGGBB
   */
  public DivergingMap(int neutral) {
    double start = OkLab.lightness(neutral);
    boolean dark = start < 0.5;
    double end = dark ? 0.86 : 0.36;
    for (int step = 1; step <= STEPS; step++) {
      double t = (double) step / STEPS;
      double lightness = start + (end - start) * Math.pow(t, dark ? EASE_IN_THE_DARK : EASE);
      double wanted = STRONGEST * Math.pow(t, 0.5);
      double chroma =
          Math.min(
              OkLab.chromaWithin(wanted, lightness, BLUE),
              OkLab.chromaWithin(wanted, lightness, RED));
      table[STEPS - step] = 0xFF000000 | OkLab.rgb(lightness, chroma, BLUE);
      table[STEPS + step] = 0xFF000000 | OkLab.rgb(lightness, chroma, RED);
    }
    table[STEPS] = 0xFF000000 | neutral;
  }

  /**
   * The colour of a number.
   *
   * @param limit the size that has the strongest colour; larger numbers have it too; above 0
   * @return opaque ARGB
   */
  public int color(float value, float limit) {
    return colorOf(value, STEPS / limit);
  }

  /**
   * As {@link #color}, with the division done in advance.
   *
   * @param gain {@link #STEPS} / limit; 0 makes every number neutral
   */
  public int colorOf(float value, float gain) {
    if (Float.isNaN(value)) {
      return NOT_A_NUMBER;
    }
    float scaled = value * gain;
    int step = (int) (scaled + Math.copySign(0.5f, scaled));
    return table[STEPS + Math.min(STEPS, Math.max(-STEPS, step))];
  }

  /** As {@link #colorOf} for {@code count} numbers. */
  public void colors(float[] values, int from, int count, float gain, int[] into, int at) {
    for (int n = 0; n < count; n++) {
      into[at + n] = colorOf(values[from + n], gain);
    }
  }

  /** The colour at a place, -{@link #STEPS} to {@link #STEPS}. */
  public int step(int step) {
    return table[STEPS + step];
  }
}
