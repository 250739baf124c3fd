package rwkv.app.probe;

import javafx.scene.paint.Color;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.SequentialMap;
import rwkv.app.chart.SeriesColors;

/** Colours of series: a few that are told apart by all eyes, or a scale where there are many. */
final class ChartColors {

  private static final int MOST_APART = 8;

  private ChartColors() {}

  /**
   * 0xRRGGBB.
   *
   * @param color which, from 0
   * @param of how many
   */
  static int rgb(int color, int of, Color ground) {
    if (of <= MOST_APART) {
      return SeriesColors.rgb(color, ground);
    }
    SequentialMap map = SequentialMap.on(PictureRegion.rgb(ground));
    return map.color(color / (of - 1.0)) & 0xFFFFFF;
  }

  /** As for style sheets. */
  static String web(int color, int of, Color ground) {
    return "#%06x".formatted(rgb(color, of, ground));
  }
}
