package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

/**
 * The activations of many tokens, in the order in which {@link Tile} reads them.
 *
 * <p>Tokens are taken a pass at a time. Within a pass come the parts of the columns, within a part
 * its stretches, within a stretch pairs of tokens, and of those one vector of the one and one of
 * the other in turn. An odd token at the end is paired with numbers that nobody uses.
 */
final class Tokens {

  /** Tokens that are multiplied at once. */
  static final int GROUP = 2;

  /** Tokens whose stretch stays in the second-level cache while a tile's rows go over it. */
  static final int PASS = 32;

  private Layout layout = new Layout(0);
  private int count;
  private float[] packed = {};
  private float[] rest = {};

  /** Makes room for {@code count} tokens. */
  void resize(int count, Layout layout) {
    this.count = count;
    this.layout = layout;
    int padded = Math.ceilDiv(count, GROUP) * GROUP;
    if (packed.length < Math.multiplyExact(padded, layout.bound())) {
      packed = new float[padded * layout.bound()];
    }
    if (rest.length < count * layout.rest()) {
      rest = new float[count * layout.rest()];
    }
  }

  int count() {
    return count;
  }

  Layout layout() {
    return layout;
  }

  int passes() {
    return Math.ceilDiv(count, PASS);
  }

  /** Tokens in a pass. */
  int size(int pass) {
    return Math.min(PASS, count - pass * PASS);
  }

  float[] packed() {
    return packed;
  }

  /** Columns that fill not all chains, {@code [tokens, layout.rest()]}. */
  float[] rest() {
    return rest;
  }

  /** Where the first pair's vectors of a part and a stretch begin. */
  int at(int pass, int part, int stretch) {
    int padded = Math.ceilDiv(size(pass), GROUP) * GROUP;
    int before = part * layout.vectors() + layout.start(stretch);
    return pass * PASS * layout.bound() + before * padded * COUNT;
  }

  /** Takes in one token, whose activations are arranged as the weights are. */
  void pack(int token, float[] x) {
    int pass = token / PASS;
    int pair = token % PASS / GROUP;
    int side = token % GROUP * COUNT;
    for (int part = 0; part < Layout.PARTS; part++) {
      for (int stretch = 0; stretch < layout.stretches(); stretch++) {
        int from = layout.start(stretch);
        int n = layout.start(stretch + 1) - from;
        int to = at(pass, part, stretch) + pair * n * GROUP * COUNT + side;
        int source = from * Rows.CHAINS + part * COUNT;
        Layout.spread(x, source, packed, to, GROUP * COUNT, n);
      }
    }
    System.arraycopy(x, layout.bound(), rest, token * layout.rest(), layout.rest());
  }
}
