package rwkv.engine.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import rwkv.engine.tensor.Shape;

/** The tensors of a model about to be created, one after the other. */
final class InitialTensors {

  private final List<InitialTensor> tensors = new ArrayList<>();
  private final ModelPlan plan;

  InitialTensors(ModelPlan plan) {
    this.plan = plan;
  }

  List<InitialTensor> all() {
    return List.copyOf(tensors);
  }

  ModelPlan plan() {
    return plan;
  }

  /** How deep a layer lies: 0 for the first, 1 for the last; 0 where there is only one. */
  double depth(int layer) {
    return plan.decays().depth(layer);
  }

  /** 1 for the first layer, down to 1/layers for the last. */
  double height(int layer) {
    return 1 - (double) layer / plan.layers();
  }

  void add(String name, Beginning beginning, long... shape) {
    tensors.add(new InitialTensor(name, Shape.of(shape), beginning));
  }

  /** A number for each of many, by a formula over their index. */
  void each(String name, IntToDoubleFunction formula, long... shape) {
    Shape made = Shape.of(shape);
    double[] values = new double[(int) made.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = formula.applyAsDouble(i);
    }
    tensors.add(new InitialTensor(name, made, new Beginning.Given(values)));
  }

  /** A number for each channel, stored as {@code [1,1,C]}. */
  void channels(String name, IntToDoubleFunction formula) {
    each(name, formula, 1, 1, plan.channels());
  }

  /** Mixing weights {@code f((i/C)^power)} of the channels i. */
  void mixing(String name, double power, java.util.function.DoubleUnaryOperator f) {
    channels(name, i -> f.applyAsDouble(Math.pow((double) i / plan.channels(), power)));
  }

  /** Weight and bias of a normalisation. */
  void norm(String name, double weight) {
    add(name + ".weight", new Beginning.Same(weight), plan.channels());
    add(name + ".bias", Beginning.ZERO, plan.channels());
  }

  /** A projection without bias. */
  void projection(String name, Beginning beginning, int out, int in) {
    add(name + ".weight", beginning, out, in);
  }

  /** √(rows/columns) of tall matrices, 1 of others. */
  static double tall(int rows, int columns) {
    return rows > columns ? Math.sqrt((double) rows / columns) : 1;
  }
}
