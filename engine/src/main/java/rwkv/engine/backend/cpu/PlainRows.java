package rwkv.engine.backend.cpu;

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
  public void add(
      CpuMatrix w,
      long from,
      float[] x,
      int column,
      int count,
      float[] sums,
      int at,
      float[] room) {
    unpack(w, from, count, room, 0);
    SingleRows.add(room, x, column, count, sums, at);
  }

  @Override
  public void unpack(CpuMatrix w, long from, int count, float[] to, int start) {
    long first = from / w.dtype().blockBytes() * w.dtype().blockSize();
    w.tensor().read(first, count, to, start);
  }
}
