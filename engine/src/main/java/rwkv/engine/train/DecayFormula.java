package rwkv.engine.train;

import java.util.SplittableRandom;

/** How the decays of a model begin, as a formula over its layers and channels. */
public sealed interface DecayFormula {

  /**
   * The raw decay parameters of one layer ({@code time_decay} or {@code w0}), [values of the
   * shape]. Half-lives that the version cannot express become the nearest that it can.
   */
  double[] raw(int layer, DecayShape shape);

  /** The decays of all layers. */
  default DecayCurve curve(DecayShape shape) {
    double[][] raw = new double[shape.layers()][];
    for (int layer = 0; layer < raw.length; layer++) {
      raw[layer] = raw(layer, shape);
    }
    return DecayCurve.of(shape, raw);
  }

  /**
   * Versions 4 to 6: {@code from + span · n^(exponent + depth · ρ)}, n going from 0 at the first
   * channel (5.0 and 5.1: head) to 1 at the last, ρ from 0 at the first layer to 1 at the last.
   */
  record PowerLaw(double from, double span, double exponent, double depth) implements DecayFormula {

    public PowerLaw {
      requireFinite(from, span, exponent, depth);
      requireRising(exponent, exponent + depth);
    }

    @Override
    public double[] raw(int layer, DecayShape shape) {
      double power = exponent + depth * shape.depth(layer);
      return fill(shape, n -> from + span * Math.pow(n, power));
    }
  }

  /**
   * Version 7: {@code from + span · n^(exponent + ρ^depth) + shift + zigzag · z |z|}, z going from
   * −1 to 1 within every head, so that each has slow and fast channels.
   */
  record Zigzag(
      double from, double span, double exponent, double depth, double shift, double zigzag)
      implements DecayFormula {

    public Zigzag {
      requireFinite(from, span, exponent, depth, shift, zigzag);
      requireRising(exponent, depth);
    }

    @Override
    public double[] raw(int layer, DecayShape shape) {
      double power = exponent + Math.pow(shape.depth(layer), depth);
      double[] raw = fill(shape, n -> from + span * Math.pow(n, power) + shift);
      if (raw.length == shape.channels()) {
        for (int i = 0; i < raw.length; i++) {
          raw[i] += zigzag * Ramp.zigzag(i, shape.headSize());
        }
      }
      return raw;
    }
  }

  /** Raw numbers in equal steps from the first channel to the last, the same in every layer. */
  record Linear(double first, double last) implements DecayFormula {

    public Linear {
      requireFinite(first, last);
    }

    @Override
    public double[] raw(int layer, DecayShape shape) {
      return fill(shape, n -> first + (last - first) * n);
    }
  }

  /**
   * Half-lives in equal ratios from the first channel to the last, the same in every layer.
   *
   * @param first in tokens, above 0
   * @param last in tokens, above 0
   */
  record LogUniform(double first, double last) implements DecayFormula {

    public LogUniform {
      requireFinite(first, last);
      requireHalfLives(first, last);
    }

    @Override
    public double[] raw(int layer, DecayShape shape) {
      return fill(shape, n -> shape.scale().raw(first * Math.pow(last / first, n)));
    }
  }

  /**
   * One half-life for all.
   *
   * @param tokens above 0
   */
  record Constant(double tokens) implements DecayFormula {

    public Constant {
      requireFinite(tokens);
      requireHalfLives(tokens);
    }

    @Override
    public double[] raw(int layer, DecayShape shape) {
      return fill(shape, _ -> shape.scale().raw(tokens));
    }
  }

  /** One raw number for all. */
  record ConstantRaw(double value) implements DecayFormula {

    public ConstantRaw {
      requireFinite(value);
    }

    @Override
    public double[] raw(int layer, DecayShape shape) {
      return fill(shape, _ -> value);
    }
  }

  /**
   * Half-lives drawn one by one, their logarithms uniform between two ends.
   *
   * @param shortest in tokens, above 0
   * @param longest in tokens, above 0
   * @param seed the same for the same draws; a layer's do not depend on how many layers there are
   */
  record Random(double shortest, double longest, long seed) implements DecayFormula {

    public Random {
      requireFinite(shortest, longest);
      requireHalfLives(shortest, longest);
    }

    @Override
    public double[] raw(int layer, DecayShape shape) {
      SplittableRandom random = Streams.of(seed, "decay." + layer);
      double ratio = longest / shortest;
      return fill(shape, _ -> shape.scale().raw(shortest * Math.pow(ratio, random.nextDouble())));
    }
  }

  /** A number for every value of a layer, from how far along the layer it stands, 0 to 1. */
  private static double[] fill(DecayShape shape, java.util.function.DoubleUnaryOperator formula) {
    double[] raw = new double[shape.values()];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = formula.applyAsDouble(Ramp.along(i, raw.length));
    }
    return raw;
  }

  private static void requireFinite(double... constants) {
    for (double constant : constants) {
      if (!Double.isFinite(constant)) {
        throw new IllegalArgumentException(
            "a decay formula with the constant " + constant + "; constants must be finite");
      }
    }
  }

  private static void requireRising(double... exponents) {
    for (double exponent : exponents) {
      if (exponent < 0) {
        throw new IllegalArgumentException(
            "a decay formula with the exponent " + exponent + "; exponents must be at least 0");
      }
    }
  }

  private static void requireHalfLives(double... halfLives) {
    for (double halfLife : halfLives) {
      if (halfLife <= 0) {
        throw new IllegalArgumentException(
            "a decay formula with a half-life of " + halfLife + " tokens; it must be above 0");
      }
    }
  }
}
