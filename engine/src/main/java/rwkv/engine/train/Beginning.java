package rwkv.engine.train;

import java.util.Arrays;
import java.util.SplittableRandom;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.Shape;

/** What numbers a tensor begins with. */
sealed interface Beginning {

  /** All zero. */
  Beginning ZERO = new Same(0);

  /** The numbers, row-major. */
  float[] numbers(Shape shape, SplittableRandom random, Progress progress);

  /** The same number everywhere. */
  record Same(double value) implements Beginning {
    @Override
    public float[] numbers(Shape shape, SplittableRandom random, Progress progress) {
      float[] numbers = new float[(int) shape.count()];
      Arrays.fill(numbers, (float) value);
      return numbers;
    }
  }

  /**
   * Numbers that a formula gives.
   *
   * @param values as many as the shape has
   */
  record Given(double[] values) implements Beginning {
    @Override
    public float[] numbers(Shape shape, SplittableRandom random, Progress progress) {
      float[] numbers = new float[values.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) values[i];
      }
      return numbers;
    }
  }

  /** Drawn evenly between −bound and bound. */
  record Uniform(double bound) implements Beginning {
    @Override
    public float[] numbers(Shape shape, SplittableRandom random, Progress progress) {
      float[] numbers = new float[(int) shape.count()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) (bound * (2 * random.nextDouble() - 1));
      }
      return numbers;
    }
  }

  /** A matrix whose shorter side is orthonormal times a gain. */
  record Orthogonal(double gain) implements Beginning {
    @Override
    public float[] numbers(Shape shape, SplittableRandom random, Progress progress) {
      return OrthogonalMatrix.draw(
          (int) shape.size(0), (int) shape.size(1), gain, random, progress);
    }
  }
}
