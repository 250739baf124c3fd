package rwkv.engine.bench;

import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/**
 * A tensor whose numbers are still to be drawn.
 *
 * @param mean of the numbers
 * @param deviation their standard deviation
 * @param lead what the first numbers of every row are instead ({@link RandomNumbers#LEAD} of them);
 *     NaN to draw those too
 */
record RandomTensor(
    String name, DType dtype, Shape shape, double mean, double deviation, double lead) {

  RandomTensor(String name, DType dtype, Shape shape, double mean, double deviation) {
    this(name, dtype, shape, mean, deviation, Double.NaN);
  }

  RandomTensor leading(double value) {
    return new RandomTensor(name, dtype, shape, mean, deviation, value);
  }

  RandomTensor stored(String otherName, DType otherType, Shape otherShape) {
    return new RandomTensor(otherName, otherType, otherShape, mean, deviation, lead);
  }

  /** Numbers of a row. */
  long width() {
    return shape.size(shape.rank() - 1);
  }
}
