package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import rwkv.engine.tensor.DType;

/**
 * Weights stored as Q4_K, Q5_K or Q6_K: blocks of 256 columns, whose runs have quantised scales of
 * their own. Bits that lie in one byte belong to columns far apart; vectors stand in the order in
 * which bytes are taken apart.
 */
record KRows(DType dtype) implements Rows {

  /** Columns that share bytes: low and high halves, with Q6_K also pairs of high bits. */
  private int group() {
    return dtype == DType.Q6_K ? 128 : 64;
  }

  /** Columns that are taken from bytes side by side. */
  private int run() {
    return dtype == DType.Q6_K ? COUNT : 2 * COUNT;
  }

  @Override
  public void arrange(float[] x, int at, float[] to, int start, int in) {
    int run = run();
    int next = start;
    for (int group = at; group < at + in; group += group()) {
      for (int i = 0; i < 32; i += run) {
        for (int column = i; column < group(); column += 32) {
          System.arraycopy(x, group + column, to, next, run);
          next += run;
        }
      }
    }
  }

  @Override
  public void add(
      CpuMatrix w,
      long from,
      float[] x,
      int column,
      int count,
      float[] sums,
      int at,
      float[] room) {
    switch (dtype) {
      case Q4_K -> NibblesK.add(w.data(), from, x, column, count, sums, at, room);
      case Q6_K -> SixBitsK.add(w.data(), from, x, column, count, sums, at, room);
      default -> {
        NibblesK.unpackFives(w.data(), from, count, room, 0);
        SingleRows.add(room, x, column, count, sums, at);
      }
    }
  }

  @Override
  public void unpack(CpuMatrix w, long from, int count, float[] to, int start) {
    switch (dtype) {
      case Q4_K -> NibblesK.unpack(w.data(), from, count, to, start);
      case Q6_K -> SixBitsK.unpack(w.data(), from, count, to, start);
      default -> NibblesK.unpackFives(w.data(), from, count, to, start);
    }
  }
}
