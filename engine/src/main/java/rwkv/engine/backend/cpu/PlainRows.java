package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;

/**
 * Weights of any type, read number by number and then multiplied: for types that no model is run
 * in, and for vectors of a width that blocks are not taken apart with.
 */
record PlainRows() implements Rows {

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    System.arraycopy(x, at, to, start, in);
  }

  @Override
  public int room(int in) {
    return in;
  }

  @Override
  public void chains(
      CpuMatrix w, int row, int step, int count, float[] x, float[] sums, float[] room) {
    for (int lot = 0; lot < 4; lot++) {
      for (int r = 0; r < count; r++) {
        w.read(row + lot * step + r, room, 0);
        chain(room, x, Rows.bound(w.in()), sums, (lot * LOT + r) * COUNT);
      }
    }
  }

  private static void chain(float[] w, float[] x, int bound, float[] sums, int at) {
    FloatVector even = FloatVector.zero(FLOATS);
    FloatVector odd = even;
    for (int i = 0; i < bound; i += CHAINS) {
      even = load(w, i).fma(load(x, i), even);
      odd = load(w, i + COUNT).fma(load(x, i + COUNT), odd);
    }
    Rows.store(even, odd, sums, at);
  }

  @Override
  public void unpackChains(CpuMatrix w, int row, float[] to, int start, float[] room) {
    w.tensor().read((long) row * w.in(), Rows.bound(w.in()), to, start);
  }
}
