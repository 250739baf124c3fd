package rwkv.engine.train;

import rwkv.engine.backend.Buffer;

/** A buffer of a {@link Tape}: every write puts another {@link Value} in the place of the last. */
final class TapeBuffer implements Buffer {

  private Value value;

  TapeBuffer(Value value) {
    this.value = value;
  }

  Value value() {
    return value;
  }

  void hold(Value other) {
    value = other;
  }

  @Override
  public int batch() {
    return value.numbers().batch();
  }

  @Override
  public int time() {
    return value.numbers().time();
  }

  @Override
  public int channels() {
    return value.numbers().channels();
  }

  @Override
  public Buffer as(int batch, int time) {
    throw new UnsupportedOperationException("a tape's buffers keep their shape");
  }

  @Override
  public void read(int offset, float[] into, int at, int count) {
    value.numbers().read(offset, into, at, count);
  }

  /** Between two steps only: what a step has written stays as it is. */
  @Override
  public void write(int offset, float[] from, int at, int count) {
    if (value.tracked()) {
      throw new IllegalStateException("a step that is recorded reads this buffer");
    }
    value.numbers().write(offset, from, at, count);
  }
}
