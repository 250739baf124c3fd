package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import java.util.Arrays;

/**
 * A few weight rows, unpacked, and their products with many tokens; the memory of one thread.
 *
 * <p>Rows lie as {@link RegisterBlock} reads them: for each part of the columns its stretches, for
 * each stretch groups of six rows, and of those one vector of each row in turn. Sums run in the
 * order that {@link Rows#times} has.
 */
final class Tile {

  /** Whole groups of rows, and whole vectors of their sums. */
  static final int ROWS = RegisterBlock.ROWS / 2 * COUNT;

  private static final int GROUP = RegisterBlock.ROWS;
  private static final int GROUPS = ROWS / GROUP;
  private static final float[] ZEROS = new float[2 * ROWS * COUNT];

  private final float[] sums = new float[Layout.PARTS * Tokens.PASS * ROWS * COUNT];
  private final float[] folded = new float[ROWS];
  private Layout layout = new Layout(0);
  private float[] row = {};
  private float[] room = {};
  private float[] packed = {};
  private float[] rest = {};
  private int first;
  private int count;

  /** Room for one row of as many columns. */
  float[] row(int in) {
    if (row.length < in) {
      row = new float[in];
    }
    return row;
  }

  /** Takes in {@code count} rows from {@code first} on. */
  void unpack(CpuMatrix weights, Rows rows, int first, int count) {
    this.first = first;
    this.count = count;
    layout = new Layout(weights.in());
    if (packed.length < ROWS * layout.bound()) {
      packed = new float[ROWS * layout.bound()];
    }
    if (rest.length < ROWS * layout.rest()) {
      rest = new float[ROWS * layout.rest()];
    }
    if (room.length < rows.room(layout.in())) {
      room = new float[rows.room(layout.in())];
    }
    float[] unpacked = row(layout.in());
    for (int r = 0; r < count; r++) {
      rows.unpack(weights, first + r, unpacked, 0, room);
      pack(r, unpacked);
      System.arraycopy(unpacked, layout.bound(), rest, r * layout.rest(), layout.rest());
    }
  }

  private void pack(int r, float[] from) {
    for (int stretch = 0; stretch < layout.stretches(); stretch++) {
      int start = layout.start(stretch);
      int n = layout.start(stretch + 1) - start;
      for (int part = 0; part < Layout.PARTS; part++) {
        int source = start * Rows.CHAINS + part * COUNT;
        int to = at(part, stretch) + (r / GROUP * n * GROUP + r % GROUP) * COUNT;
        Layout.spread(from, source, packed, to, GROUP * COUNT, n);
      }
    }
  }

  /** Where the first group's vectors of a part and a stretch begin. */
  private int at(int part, int stretch) {
    return (part * layout.vectors() + layout.start(stretch)) * ROWS * COUNT;
  }

  /** out[t · width + row] ← Σ w[row] · x[t] for the tile's rows and the tokens of one pass. */
  void multiply(Tokens x, int pass, float[] out, int width) {
    if (layout.vectors() == 0) {
      Arrays.fill(sums, 0);
    }
    for (int part = 0; part < Layout.PARTS; part++) {
      for (int stretch = 0; stretch < layout.stretches(); stretch++) {
        multiply(x, pass, part, stretch);
      }
    }
    int tokens = x.size(pass);
    for (int t = 0; t < tokens; t++) {
      write(t, x, pass * Tokens.PASS + t, out, width);
    }
  }

  private void multiply(Tokens x, int pass, int part, int stretch) {
    int n = layout.start(stretch + 1) - layout.start(stretch);
    int groups = Math.ceilDiv(count, GROUP);
    int pairs = Math.ceilDiv(x.size(pass), Tokens.GROUP);
    int pairSize = n * Tokens.GROUP * COUNT;
    int xAt = x.at(pass, part, stretch);
    for (int group = 0; group < groups; group++) {
      int from = at(part, stretch) + group * n * GROUP * COUNT;
      int until = from + n * GROUP * COUNT;
      int to = (part * Tokens.PASS * ROWS + group * GROUP) * COUNT;
      for (int pair = 0; pair < pairs; pair++) {
        int at = to + pair * Tokens.GROUP * ROWS * COUNT;
        if (stretch == 0) {
          RegisterBlock.multiply(
              packed, from, until, x.packed(), xAt + pair * pairSize, ZEROS, 0, sums, at);
        } else {
          RegisterBlock.multiply(
              packed, from, until, x.packed(), xAt + pair * pairSize, sums, at, sums, at);
        }
      }
    }
  }

  /** Adds up the chains of one token's sums, then the columns that fill no vector. */
  private void write(int t, Tokens x, int token, float[] out, int width) {
    int step = Tokens.PASS * ROWS * COUNT;
    for (int r = 0; r < count; r += COUNT) {
      Fold.fold(sums, (t * ROWS + r) * COUNT, step, folded, r);
    }
    int left = layout.rest();
    for (int r = 0; left > 0 && r < count; r++) {
      float sum = folded[r];
      for (int i = 0; i < left; i++) {
        sum = Math.fma(rest[r * left + i], x.rest()[token * left + i], sum);
      }
      folded[r] = sum;
    }
    System.arraycopy(folded, 0, out, token * width + first, count);
  }
}
