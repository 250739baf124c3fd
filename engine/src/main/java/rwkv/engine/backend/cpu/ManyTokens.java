package rwkv.engine.backend.cpu;

import rwkv.engine.backend.cpu.Team.Piece;

/** Products of a weight matrix with many tokens, shared out among {@link Workers}. */
final class ManyTokens {

  /** Pieces for each thread: enough for one that is held up not to hold up the rest. */
  private static final int PIECES = 4;

  private final Workers workers;
  private final Tile[] tiles;
  private final Tokens tokens = new Tokens();

  ManyTokens(Workers workers) {
    this.workers = workers;
    tiles = new Tile[workers.count()];
    for (int i = 0; i < tiles.length; i++) {
      tiles[i] = new Tile();
    }
  }

  /**
   * out[t] ← weights · x[t]
   *
   * @param shared whether it is enough work for other threads
   */
  void multiply(float[] out, float[] x, int count, CpuMatrix weights, Rows rows, boolean shared) {
    int in = weights.in();
    tokens.resize(count, new Layout(in));
    Piece packing =
        (token, slot) -> {
          float[] arranged = tiles[slot].row(in);
          rows.arrange(x, token * in, arranged, 0, in);
          tokens.pack(token, arranged);
        };
    run(count, shared && count > 8, packing);

    int tileCount = Math.ceilDiv(weights.out(), Tile.ROWS);
    int passes = tokens.passes();
    int cuts = Math.min(passes, Math.ceilDiv(PIECES * workers.count(), tileCount));
    Piece product =
        (i, slot) -> {
          Tile tile = tiles[slot];
          int first = i / cuts * Tile.ROWS;
          int cut = i % cuts;
          tile.unpack(weights, rows, first, Math.min(Tile.ROWS, weights.out() - first));
          for (int pass = cut * passes / cuts; pass < (cut + 1) * passes / cuts; pass++) {
            tile.multiply(tokens, pass, out, weights.out());
          }
        };
    run(tileCount * cuts, shared, product);
  }

  private void run(int pieces, boolean shared, Piece piece) {
    if (shared) {
      workers.run(pieces, piece);
    } else {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    }
  }
}
