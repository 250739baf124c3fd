package rwkv.app.state;

/**
 * Where the heads of a wall lie, in the screen's pixels from the first head's corner: layers down,
 * heads to the right, every head a tile. Either every value is {@code zoom} pixels wide, or, where
 * there is too little room, every pixel stands for {@code block} columns (and as many rows). Tiles
 * of few rows are stretched, so that they can be seen.
 *
 * @param rows of a head
 * @param columns of a head
 * @param stretch how many times higher than wide a value is drawn, 1 for square matrices
 * @param gap pixels between tiles
 */
record WallGeometry(
    int layers, int heads, int rows, int columns, int zoom, int block, int stretch, int gap) {

  /** Tiles are not made narrower than this, or than their head; then the wall scrolls. */
  static final int SMALLEST_TILE = 8;

  /** Of heads of {@code rows} x {@code columns}, the largest wall that fits into so many pixels. */
  static WallGeometry fit(int width, int height, int layers, int heads, int rows, int columns) {
    WallGeometry smallest = smallest(layers, heads, rows, columns);
    for (int zoom = 64; zoom >= 1; zoom--) {
      WallGeometry candidate = of(layers, heads, rows, columns, zoom, 1);
      if (candidate.width() <= width && candidate.height() <= height) {
        return candidate.stretched(height);
      }
    }
    for (int block = 2; block < smallest.block; block++) {
      WallGeometry candidate = of(layers, heads, rows, columns, 1, block);
      if (candidate.width() <= width && candidate.height() <= height) {
        return candidate.stretched(height);
      }
    }
    return smallest;
  }

  /** Tiles of few rows as high as there is room for, but not higher than wide. */
  private WallGeometry stretched(int height) {
    WallGeometry best = this;
    for (int more = stretch + 1; stretch > 1 && more * rows <= columns; more++) {
      WallGeometry higher = new WallGeometry(layers, heads, rows, columns, zoom, block, more, gap);
      if (higher.height() > height) {
        break;
      }
      best = higher;
    }
    return best;
  }

  /** The smallest wall that is still worth looking at. */
  static WallGeometry smallest(int layers, int heads, int rows, int columns) {
    int block = 1;
    while (columns / (2 * block) >= SMALLEST_TILE) {
      block *= 2;
    }
    return of(layers, heads, rows, columns, 1, block);
  }

  private static WallGeometry of(
      int layers, int heads, int rows, int columns, int zoom, int block) {
    int tile = block == 1 ? columns * zoom : Math.ceilDiv(columns, block);
    int gap = tile >= 64 ? 4 : tile >= 24 ? 3 : tile >= 12 ? 2 : 1;
    int stretch = Math.max(1, columns / Math.max(1, 4 * rows));
    return new WallGeometry(layers, heads, rows, columns, zoom, block, stretch, gap);
  }

  /** Columns that a pixel stands for, at least 1. */
  int columnBlock() {
    return block;
  }

  /** Rows that a pixel stands for, at least 1. */
  int rowBlock() {
    return stretch > 1 ? 1 : block;
  }

  /** Pixels down of a value, or of a block of values. */
  int cellHeight() {
    return block == 1 ? zoom * stretch : Math.max(1, stretch / block);
  }

  int tileWidth() {
    return block == 1 ? columns * zoom : Math.ceilDiv(columns, block);
  }

  int tileHeight() {
    return Math.ceilDiv(rows, rowBlock()) * cellHeight();
  }

  /** From one head to the next. */
  int across() {
    return tileWidth() + gap;
  }

  /** From one layer to the next. */
  int down() {
    return tileHeight() + gap;
  }

  int width() {
    return heads * across() - gap;
  }

  int height() {
    return layers * down() - gap;
  }

  /** The tile at a pixel, counting half of the gaps to each; -1 if there is none. */
  private int tileAt(double pixel, int pitch, int count) {
    int index = (int) Math.floor((pixel + gap / 2.0) / pitch);
    return index >= 0 && index < count ? index : -1;
  }

  int layerAt(double y) {
    return tileAt(y, down(), layers);
  }

  int headAt(double x) {
    return tileAt(x, across(), heads);
  }

  /** The first row of a head that the pixel shows. */
  int rowAt(double y) {
    return within(y, down(), tileHeight()) / cellHeight() * rowBlock();
  }

  /** The first column of a head that the pixel shows. */
  int columnAt(double x) {
    int within = within(x, across(), tileWidth());
    return block == 1 ? within / zoom : within * block;
  }

  private int within(double pixel, int pitch, int tile) {
    int begin = (int) Math.floor((pixel + gap / 2.0) / pitch) * pitch;
    return Math.clamp((int) Math.floor(pixel) - begin, 0, tile - 1);
  }

  /** Which values a pixel shows, in words; empty if every value has a pixel. */
  String words() {
    return block == 1
        ? ""
        : "each pixel shows the largest of %dx%d values".formatted(rowBlock(), block);
  }
}
