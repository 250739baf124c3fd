package rwkv.app.state;

import rwkv.app.chart.DivergingMap;

/** Draws all heads of a model in one pass. */
final class WallPainter {

  private final TilePainter tiles;

  WallPainter(DivergingMap map) {
    tiles = new TilePainter(map);
  }

  /**
   * @param pixels ARGB, {@code [geometry.height(), geometry.width()]}; gaps are not touched
   */
  void paint(int[] pixels, WallGeometry geometry, ShownState state) {
    int stride = geometry.width();
    for (int layer = 0; layer < geometry.layers(); layer++) {
      float[] values = state.layer(layer);
      for (int head = 0; head < geometry.heads(); head++) {
        int at = (layer * stride + head) * geometry.pitch();
        int from = state.offset(head);
        float limit = (float) state.limit(layer, head);
        if (geometry.block() == 1) {
          tiles.magnified(
              pixels, stride, at, values, from, geometry.size(), geometry.zoom(), limit);
        } else {
          tiles.reduced(pixels, stride, at, values, from, geometry.size(), geometry.block(), limit);
        }
      }
    }
  }
}
