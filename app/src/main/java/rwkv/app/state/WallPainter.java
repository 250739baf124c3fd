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
        int at = layer * geometry.down() * stride + head * geometry.across();
        tile(pixels, stride, at, geometry, values, state.offset(head), state.limit(layer, head));
      }
    }
  }

  private void tile(
      int[] pixels, int stride, int at, WallGeometry g, float[] values, int from, double limit) {
    int rows = g.rows();
    int columns = g.columns();
    int down = g.cellHeight();
    if (g.block() == 1) {
      tiles.magnified(
          pixels, stride, at, values, from, rows, columns, g.zoom(), down, (float) limit);
    } else {
      int block = g.columnBlock();
      tiles.reduced(
          pixels,
          stride,
          at,
          values,
          from,
          rows,
          columns,
          g.rowBlock(),
          block,
          down,
          (float) limit);
    }
  }
}
