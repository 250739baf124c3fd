package rwkv.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The decays of a model, raw, for every layer and channel (5.0, 5.1: head). Immutable. */
public final class DecayCurve {

  private final DecayShape shape;
  private final double[][] raw;

  private DecayCurve(DecayShape shape, double[][] raw) {
    this.shape = shape;
    this.raw = raw;
  }

  /**
   * A curve made of half-lives.
   *
   * @param clamped how many of them the version cannot express
   * @param notes what became of those, a sentence for each layer; empty if there are none
   */
  public record Fitted(DecayCurve curve, int clamped, List<String> notes) {
    public Fitted {
      notes = List.copyOf(notes);
    }
  }

  /**
   * The curve of raw numbers.
   *
   * @param raw [layers, values of the shape]; copied
   * @throws IllegalArgumentException if there are more or fewer, or one is not finite
   */
  public static DecayCurve of(DecayShape shape, double[][] raw) {
    checkSizes(shape, raw);
    double[][] copy = new double[raw.length][];
    for (int layer = 0; layer < raw.length; layer++) {
      copy[layer] = raw[layer].clone();
      for (int i = 0; i < copy[layer].length; i++) {
        if (!Double.isFinite(copy[layer][i])) {
          throw new IllegalArgumentException(
              "layer %d has the raw decay %s at %d, expected a finite number"
                  .formatted(layer, copy[layer][i], i));
        }
      }
    }
    return new DecayCurve(shape, copy);
  }

  /**
   * The curve of half-lives, those that the version cannot express replaced by the nearest.
   *
   * @param halfLives in tokens, [layers, values of the shape], above 0; may be infinite
   * @throws IllegalArgumentException if there are more or fewer, or one is not above 0
   */
  public static Fitted ofHalfLives(DecayShape shape, double[][] halfLives) {
    checkSizes(shape, halfLives);
    DecayScale scale = shape.scale();
    double[][] raw = new double[halfLives.length][shape.values()];
    List<String> notes = new ArrayList<>();
    int clamped = 0;
    for (int layer = 0; layer < raw.length; layer++) {
      int tooShort = 0;
      int tooLong = 0;
      for (int i = 0; i < raw[layer].length; i++) {
        raw[layer][i] = scale.raw(halfLives[layer][i]);
        tooShort += halfLives[layer][i] < scale.shortest() ? 1 : 0;
        tooLong += halfLives[layer][i] > scale.longest() ? 1 : 0;
      }
      clamped += tooShort + tooLong;
      note(notes, layer, tooShort, "shorter than", "shortest", scale.shortest(), shape);
      note(notes, layer, tooLong, "longer than", "longest", scale.longest(), shape);
    }
    return new Fitted(new DecayCurve(shape, raw), clamped, notes);
  }

  private static void note(
      List<String> notes,
      int layer,
      int count,
      String than,
      String most,
      double limit,
      DecayShape shape) {
    if (count > 0) {
      notes.add(
          "layer %d: %d half-lives are %s %.4g tokens, the %s of %s, and were set to it"
              .formatted(layer, count, than, limit, most, shape.version().title()));
    }
  }

  private static void checkSizes(DecayShape shape, double[][] numbers) {
    if (numbers.length != shape.layers()) {
      throw new IllegalArgumentException(
          "decays of %d layers for %s".formatted(numbers.length, shape));
    }
    for (int layer = 0; layer < numbers.length; layer++) {
      if (numbers[layer].length != shape.values()) {
        throw new IllegalArgumentException(
            "layer %d has %d decays, expected those of %s"
                .formatted(layer, numbers[layer].length, shape));
      }
    }
  }

  public DecayShape shape() {
    return shape;
  }

  /** The raw number of a channel (5.0, 5.1: head). */
  public double raw(int layer, int index) {
    return raw[layer][index];
  }

  /** A copy of a layer's raw numbers. */
  public double[] raw(int layer) {
    return raw[layer].clone();
  }

  /** Factors per token of a layer, at initialisation or without what the data add. */
  public double[] factors(int layer) {
    return mapped(layer, shape.scale()::factor);
  }

  /** Half-lives of a layer, in tokens. */
  public double[] halfLives(int layer) {
    return mapped(layer, shape.scale()::halfLife);
  }

  private double[] mapped(int layer, DoubleUnaryOperator f) {
    return Arrays.stream(raw[layer]).map(f).toArray();
  }

  /**
   * This curve with one layer's raw numbers replaced.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public DecayCurve with(int layer, double[] numbers) {
    double[][] changed = raw.clone();
    changed[layer] = numbers;
    return of(shape, changed);
  }

  /**
   * This curve with the layers between the first and the last going from the one to the other in
   * equal ratios of half-life, channel by channel.
   */
  public DecayCurve interpolated() {
    DecayScale scale = shape.scale();
    double[] first = halfLives(0);
    double[] last = halfLives(shape.layers() - 1);
    double[][] changed = raw.clone();
    for (int layer = 1; layer < changed.length - 1; layer++) {
      changed[layer] = new double[shape.values()];
      for (int i = 0; i < first.length; i++) {
        double halfLife = first[i] * Math.pow(last[i] / first[i], shape.depth(layer));
        changed[layer][i] = scale.raw(halfLife);
      }
    }
    return new DecayCurve(shape, changed);
  }

  /**
   * Refuses a model that this curve was not made for.
   *
   * @throws IllegalArgumentException in one sentence
   */
  public void requireFor(DecayShape model) {
    if (!shape.equals(model)) {
      throw new IllegalArgumentException(
          "the decay curve was made for %s; the model is %s".formatted(shape, model));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DecayCurve that
        && shape.equals(that.shape)
        && Arrays.deepEquals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.deepHashCode(raw);
  }
}
