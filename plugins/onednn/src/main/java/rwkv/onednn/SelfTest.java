package rwkv.onednn;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import rwkv.engine.backend.cpu.ManyTokenProducts;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * Whether products are right on this machine: small ones, of odd sizes, against sums in double over
 * the numbers as they are rounded. Rows of the weights and tokens differ in scale by up to 4096, so
 * that a row or a token that is mistaken for another is far off.
 */
final class SelfTest {

  /**
   * The largest error of a row that sums in f32 may have: the mean of its squares by the mean of
   * the right numbers' squares. A number rounded to bf16 more often than it should makes 1e-6.
   */
  static final double TOLERANCE = 1e-9;

  private static final int SCALES = 7;

  /** A product {@code [out, in]} of some tokens. */
  private record Case(int tokens, int out, int in) {}

  private static final List<Case> CASES =
      List.of(new Case(16, 64, 64), new Case(33, 130, 97), new Case(150, 48, 300));

  private SelfTest() {}

  /** What is wrong with them, if anything. */
  static Optional<String> problem(ManyTokenProducts products, Precision precision) {
    Random random = new Random(1);
    for (Case c : CASES) {
      Optional<String> problem = problem(products, precision, c, random);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(
      ManyTokenProducts products, Precision precision, Case c, Random random) {
    float[] weights = random(c.out(), c.in(), random);
    float[] x = random(c.tokens(), c.in(), random);
    Tensor tensor = Tensor.of("self-test", Shape.of(c.out(), c.in()), weights);
    ManyTokenProducts.Product product = products.prepare(tensor);
    String what =
        String.format(
            "%s of %d tokens through [%d,%d]", products.name(), c.tokens(), c.out(), c.in());
    if (product == null) {
      return Optional.of(what + " is not done by matrix units");
    }
    float[] out = new float[c.tokens() * c.out()];
    product.multiply(out, x, c.tokens());
    double worst = 0;
    for (int row = 0; row < c.out(); row++) {
      double error = error(out, x, weights, c, row, precision);
      worst = error <= worst ? worst : error;
    }
    return worst <= TOLERANCE
        ? Optional.empty()
        : Optional.of(
            String.format(
                "the self-test failed: the error of %s is %.2g, at most %.0e is right",
                what, worst, TOLERANCE));
  }

  private static float[] random(int rows, int columns, Random random) {
    float[] numbers = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      double scale = Math.scalb(1.0, 2 * random.nextInt(SCALES) - SCALES);
      for (int i = 0; i < columns; i++) {
        numbers[row * columns + i] = (float) (random.nextGaussian() * scale);
      }
    }
    return numbers;
  }

  /** The worst of a row's tokens would be too strict, for a sum may be near zero; so their mean. */
  private static double error(
      float[] out, float[] x, float[] weights, Case c, int row, Precision precision) {
    double error = 0;
    double size = 0;
    for (int t = 0; t < c.tokens(); t++) {
      double expected = 0;
      double scale = 0;
      for (int i = 0; i < c.in(); i++) {
        double a = precision.round(x[t * c.in() + i]);
        expected += a * precision.round(weights[row * c.in() + i]);
        scale += a * a;
      }
      double difference = out[t * c.out() + row] - expected;
      error += difference * difference / scale;
      size += expected * expected / scale;
    }
    return error / size;
  }
}
