package rwkv.engine.convert;

import java.util.Optional;
import rwkv.engine.tensor.Tensor;

/** The numbers of a tensor that is to be written, in its order. Reading is thread-safe. */
interface Numbers {

  long count();

  /**
   * Copies numbers {@code from} to {@code from + count}.
   *
   * @param from a multiple of 256
   * @param count a multiple of 256, but for the end
   */
  void read(long from, int count, float[] to);

  /** The stored tensor whose numbers these are, one by one, if they are nothing else. */
  default Optional<Tensor> stored() {
    return Optional.empty();
  }

  /** The numbers of a tensor as they are stored. */
  static Numbers of(Tensor tensor) {
    return new Numbers() {
      @Override
      public long count() {
        return tensor.count();
      }

      @Override
      public void read(long from, int count, float[] to) {
        tensor.read(from, count, to, 0);
      }

      @Override
      public Optional<Tensor> stored() {
        return Optional.of(tensor);
      }
    };
  }

  /** These numbers. */
  static Numbers of(float[] values) {
    return new Numbers() {
      @Override
      public long count() {
        return values.length;
      }

      @Override
      public void read(long from, int count, float[] to) {
        System.arraycopy(values, (int) from, to, 0, count);
      }
    };
  }
}
