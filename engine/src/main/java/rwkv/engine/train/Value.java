package rwkv.engine.train;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;

/**
 * What a buffer holds between two writes: numbers that do not change any more, and ∂L/∂numbers as
 * far as a backward pass has added it up.
 */
final class Value {

  private final Buffer numbers;
  private final boolean tracked;
  private @Nullable Buffer gradient;

  /**
   * @param tracked whether a parameter had a part in it, so that a gradient is of use
   */
  Value(Buffer numbers, boolean tracked) {
    this.numbers = numbers;
    this.tracked = tracked;
  }

  static Value of(Parameter parameter) {
    Value value = new Value(parameter.values(), !parameter.frozen());
    value.gradient = parameter.frozen() ? null : parameter.gradient();
    return value;
  }

  Buffer numbers() {
    return numbers;
  }

  boolean tracked() {
    return tracked;
  }

  /** Null where no gradient has reached it yet. */
  @Nullable Buffer gradient() {
    return gradient;
  }

  /** Null where none is asked for; else zeros of the pool, if no gradient has reached it yet. */
  @Nullable Buffer gradient(BufferPool pool) {
    if (tracked && gradient == null) {
      gradient = pool.zeros(numbers.batch(), numbers.time(), numbers.channels());
    }
    return gradient;
  }

  /** Its gradient has been passed on. */
  void release(BufferPool pool) {
    if (gradient != null) {
      pool.give(gradient);
      gradient = null;
    }
  }
}
