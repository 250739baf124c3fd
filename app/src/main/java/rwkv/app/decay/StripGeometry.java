package rwkv.app.decay;

/**
 * Where the bars of a half-life strip stand, in pixels: heads of a layer side by side, layers
 * apart.
 *
 * @param bar width of a bar
 * @param gap between bars of a layer
 * @param layerGap between layers, besides the gap
 */
record StripGeometry(int layers, int heads, int bar, int gap, int layerGap) {

  private static final int WIDEST = 24;

  /** The widest bars that fit into so many pixels, but never less than one pixel each. */
  static StripGeometry fit(int width, int layers, int heads) {
    for (int bar = WIDEST; bar > 1; bar--) {
      StripGeometry candidate = of(layers, heads, bar);
      if (candidate.width() <= width) {
        return candidate;
      }
    }
    return of(layers, heads, 1);
  }

  private static StripGeometry of(int layers, int heads, int bar) {
    int gap = bar >= 6 ? 2 : bar >= 3 ? 1 : 0;
    return new StripGeometry(
        layers, heads, bar, gap, bar >= 10 ? 16 : bar >= 4 ? 10 : bar >= 2 ? 4 : 2);
  }

  /** Pixels that the narrowest bars need. */
  static int smallestWidth(int layers, int heads) {
    return of(layers, heads, 1).width();
  }

  int width() {
    return Math.max(0, layers * layerPitch() - layerGap);
  }

  /** From one layer to the next. */
  int layerPitch() {
    return layerWidth() + layerGap;
  }

  /** Of the bars of one layer. */
  int layerWidth() {
    return Math.max(1, heads * (bar + gap) - gap);
  }

  /** Left edge of a bar. */
  int left(int layer, int head) {
    return layer * layerPitch() + head * (bar + gap);
  }

  /** The head at a pixel, counted over all layers; -1 if there is none. */
  int headAt(double x) {
    int layer = (int) Math.floor((x + layerGap / 2.0) / layerPitch());
    if (layer < 0 || layer >= layers) {
      return -1;
    }
    double within = x - layer * layerPitch() + gap / 2.0;
    return layer * heads + Math.clamp((long) Math.floor(within / (bar + gap)), 0, heads - 1);
  }
}
