package rwkv.engine.backend.cuda;

import rwkv.engine.backend.Buffer;

/**
 * A buffer in a card's memory, row-major.
 *
 * @param card where it is
 * @param memory keeps the numbers alive, {@code rows} of them
 */
record CudaBuffer(Card card, Memory memory, int batch, int time, int channels) implements Buffer {

  /** Where numbers are; the card's memory is given back when nobody holds this any more. */
  static final class Memory {

    private final long length;
    private long address;

    Memory(DeviceMemory device, long length) {
      this.length = length;
      this.address = device.allocate(Float.BYTES * length, this);
    }

    long address() {
      return address;
    }
  }

  long address() {
    return memory.address;
  }

  @Override
  public Buffer as(int otherBatch, int otherTime) {
    if ((long) otherBatch * otherTime * channels > memory.length) {
      throw new IllegalArgumentException(
          otherBatch + " x " + otherTime + " rows of a buffer of " + rows());
    }
    return new CudaBuffer(card, memory, otherBatch, otherTime, channels);
  }

  @Override
  public void read(int offset, float[] into, int at, int count) {
    card.read(address() + (long) Float.BYTES * offset, into, at, count);
  }

  @Override
  public void write(int offset, float[] from, int at, int count) {
    card.write(address() + (long) Float.BYTES * offset, from, at, count);
  }
}
