package rwkv.engine.naming;

import rwkv.engine.tensor.Tensor;

/** A part's numbers as an official file would store them; slow and plain. */
final class Undone {

  private Undone() {}

  static double[] values(Part part) {
    Tensor tensor = part.tensor();
    int rank = tensor.shape().rank();
    int rows = part.swapped() ? (int) tensor.shape().size(rank - 2) : 1;
    int columns = part.swapped() ? (int) tensor.shape().size(rank - 1) : 1;
    double[] values = new double[(int) tensor.count()];
    for (int i = 0; i < values.length; i++) {
      int within = i % (rows * columns);
      int from = i - within + within % rows * columns + within / rows;
      double x = tensor.get(part.swapped() ? from : i) * Math.pow(2, part.halvings());
      values[i] =
          switch (part.form()) {
            case OFFICIAL -> x;
            case NEGATIVE_EXP -> Math.log(-x);
            case EXP_NEGATIVE_EXP -> Math.log(-Math.log(x));
            case EXP -> Math.log(x);
          };
    }
    return values;
  }
}
