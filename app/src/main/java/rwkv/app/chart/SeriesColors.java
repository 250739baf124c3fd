package rwkv.app.chart;

import javafx.scene.paint.Color;

/**
 * Colours of series that eyes of every kind tell apart (after Okabe and Ito); those of the second
 * half are dashed as well.
 */
public final class SeriesColors {

  private static final int[] ON_LIGHT = {
    0x0072B2, 0xD55E00, 0x009E73, 0xB0578F, 0xA97400, 0x2F7FB5, 0x6B6B00, 0x555555
  };
  private static final int[] ON_DARK = {
    0x4DA6E0, 0xF08040, 0x2FC79A, 0xE2A0CC, 0xE6B450, 0x8FCBF0, 0xD8D070, 0xBBBBBB
  };
  private static final int DASHED_FROM = 4;
  private static final double DASH = 5;

  private SeriesColors() {}

  /** 0xRRGGBB. */
  public static int rgb(int slot, Color background) {
    int[] colors = background.getBrightness() > 0.5 ? ON_LIGHT : ON_DARK;
    return colors[slot % colors.length];
  }

  /** Length of dashes in units of the scene, 0 for none. */
  public static double dash(int slot) {
    return slot < DASHED_FROM ? 0 : DASH;
  }

  public static Color color(int slot, Color background) {
    int rgb = rgb(slot, background);
    return Color.rgb(rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF);
  }
}
