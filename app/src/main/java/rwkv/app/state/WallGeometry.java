package rwkv.app.state;

/**
 * Where the heads of a wall lie, in the screen's pixels from the first head's corner: layers down,
 * heads to the right, every head a square tile. Either every value is {@code zoom} x {@code zoom}
 * pixels, or, where there is too little room, every pixel stands for {@code block} x {@code block}
 * values.
 *
 * @param size rows and columns of a head
 * @param gap pixels between tiles
 */
record WallGeometry(int layers, int heads, int size, int zoom, int block, int gap) {

  /** Tiles are not made smaller than this, or than their head; then the wall scrolls. */
  static final int SMALLEST_TILE = 8;

  /** Of a head of {@code size}, the largest wall that fits into so many pixels. */
  static WallGeometry fit(int width, int height, int layers, int heads, int size) {
    WallGeometry smallest = smallest(layers, heads, size);
    for (int zoom = 64; zoom >= 1; zoom--) {
      WallGeometry candidate = of(layers, heads, size, zoom, 1);
      if (candidate.width() <= width && candidate.height() <= height) {
        return candidate;
      }
    }
    for (int block = 2; block < smallest.block; block++) {
      WallGeometry candidate = of(layers, heads, size, 1, block);
      if (candidate.width() <= width && candidate.height() <= height) {
        return candidate;
      }
    }
    return smallest;
  }

  /** The smallest wall that is still worth looking at. */
  static WallGeometry smallest(int layers, int heads, int size) {
    int block = 1;
    while (size / (2 * block) >= SMALLEST_TILE) {
      block *= 2;
    }
    return of(layers, heads, size, 1, block);
  }

  private static WallGeometry of(int layers, int heads, int size, int zoom, int block) {
    int tile = tile(size, zoom, block);
    int gap = tile >= 64 ? 4 : tile >= 24 ? 3 : tile >= 12 ? 2 : 1;
    return new WallGeometry(layers, heads, size, zoom, block, gap);
  }

  private static int tile(int size, int zoom, int block) {
    return block == 1 ? size * zoom : (size + block - 1) / block;
  }

  /** Side of a tile. */
  int tile() {
    return tile(size, zoom, block);
  }

  /** From one tile to the next. */
  int pitch() {
    return tile() + gap;
  }

  int width() {
    return heads * pitch() - gap;
  }

  int height() {
    return layers * pitch() - gap;
  }

  /**
   * The column or row of tiles at a pixel, counting half of the gaps to each; -1 if there is none.
   */
  private int tileAt(double pixel, int count) {
    int index = (int) Math.floor((pixel + gap / 2.0) / pitch());
    return index >= 0 && index < count ? index : -1;
  }

  int layerAt(double y) {
    return tileAt(y, layers);
  }

  int headAt(double x) {
    return tileAt(x, heads);
  }

  /** The first row or column of a head that the pixel shows. */
  int cellAt(double pixel) {
    int within =
        (int) Math.floor(pixel) - (int) Math.floor((pixel + gap / 2.0) / pitch()) * pitch();
    int clamped = Math.clamp(within, 0, tile() - 1);
    return block == 1 ? clamped / zoom : clamped * block;
  }

  /** Which values a pixel shows, in words; empty if every value has a pixel. */
  String words() {
    return block == 1 ? "" : "each pixel shows the largest of %1$dx%1$d values".formatted(block);
  }
}
