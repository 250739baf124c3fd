package rwkv.onednn;

import rwkv.engine.backend.cpu.Team;

/** The calling thread. */
enum Alone implements Team {
  INSTANCE;

  @Override
  public int count() {
    return 1;
  }

  @Override
  public void run(int pieces, Piece piece) {
    for (int i = 0; i < pieces; i++) {
      piece.run(i, 0);
    }
  }
}
