package rwkv.engine.convert;

import java.util.stream.Stream;
import rwkv.engine.tensor.DType;

/**
 * How far off a model may be when its matrices are stored in a type.
 *
 * <p>Both are the root mean square of the differences over that of the numbers: {@code weights} of
 * normally distributed weights, which depends on the type alone, and {@code logits} of the
 * reference models, which depends on the model too.
 */
enum Precision {
  F32(DType.F32, 1e-7, 1e-5),
  F16(DType.F16, 3e-4, 0.003),
  BF16(DType.BF16, 0.0025, 0.02),
  Q8_0(DType.Q8_0, 0.008, 0.04),
  Q6_K(DType.Q6_K, 0.025, 0.06),
  Q5_1(DType.Q5_1, 0.045, 0.15),
  Q5_0(DType.Q5_0, 0.05, 0.16),
  Q5_K(DType.Q5_K, 0.045, 0.15),
  Q4_1(DType.Q4_1, 0.09, 0.3),
  Q4_0(DType.Q4_0, 0.1, 0.3),
  Q4_K(DType.Q4_K, 0.09, 0.3);

  private final DType dtype;
  private final double weights;
  private final double logits;

  Precision(DType dtype, double weights, double logits) {
    this.dtype = dtype;
    this.weights = weights;
    this.logits = logits;
  }

  static Precision of(DType dtype) {
    return Stream.of(values()).filter(one -> one.dtype == dtype).findFirst().orElseThrow();
  }

  double weights() {
    return weights;
  }

  double logits() {
    return logits;
  }

  /** The root mean square of the differences over that of the numbers expected. */
  static double error(float[] expected, float[] found) {
    double squares = 0;
    double differences = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += (double) expected[i] * expected[i];
      differences += Math.pow((double) found[i] - expected[i], 2);
    }
    return Math.sqrt(differences / squares);
  }
}
