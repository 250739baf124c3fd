package rwkv.engine.backend.cpu;

import rwkv.engine.backend.Buffer;

/** A buffer in a Java array, row-major from index 0. */
record CpuBuffer(float[] data, int batch, int time, int channels) implements Buffer {

  static CpuBuffer zeros(int batch, int time, int channels) {
    if (batch < 1 || time < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "a buffer of [" + batch + "," + time + "," + channels + "]");
    }
    int length = Math.multiplyExact(Math.multiplyExact(batch, time), channels);
    return new CpuBuffer(new float[length], batch, time, channels);
  }

  @Override
  public Buffer as(int otherBatch, int otherTime) {
    if ((long) otherBatch * otherTime * channels > data.length) {
      throw new IllegalArgumentException(
          otherBatch + " x " + otherTime + " rows of a buffer of " + rows());
    }
    return new CpuBuffer(data, otherBatch, otherTime, channels);
  }

  @Override
  public void read(int offset, float[] into, int at, int count) {
    System.arraycopy(data, offset, into, at, count);
  }

  @Override
  public void write(int offset, float[] from, int at, int count) {
    System.arraycopy(from, at, data, offset, count);
  }
}
