package rwkv.engine.train;

import rwkv.engine.backend.Buffer;

/** A buffer of a {@link Tape}: every write puts another {@link Value} in the place of the last. */
final class TapeBuffer implements Buffer {

  /** What it holds: apart from it, so that its numbers are not lost when nobody asks for it. */
  static final class Held {
    private Value value;

    Held(Value value) {
      this.value = value;
    }

    Value value() {
      return value;
    }

    void hold(Value other) {
      value = other;
    }
  }

  private final Held held;

  TapeBuffer(Value value) {
    this(new Held(value));
  }

  TapeBuffer(Held held) {
    this.held = held;
  }

  Value value() {
    return held.value;
  }

  void hold(Value other) {
    held.value = other;
  }

  @Override
  public int batch() {
    return held.value.numbers().batch();
  }

  @Override
  public int time() {
    return held.value.numbers().time();
  }

  @Override
  public int channels() {
    return held.value.numbers().channels();
  }

  @Override
  public Buffer as(int batch, int time) {
    throw new UnsupportedOperationException("a tape's buffers keep their shape");
  }

  @Override
  public void read(int offset, float[] into, int at, int count) {
    held.value.numbers().read(offset, into, at, count);
  }

  /** Between two steps only: what a step has written stays as it is. */
  @Override
  public void write(int offset, float[] from, int at, int count) {
    if (held.value.tracked()) {
      throw new IllegalStateException("a step that is recorded reads this buffer");
    }
    held.value.numbers().write(offset, from, at, count);
  }
}
