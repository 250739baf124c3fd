package rwkv.engine.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of the backward pass: for each line of {@link Kernels} the gradients of what went
 * into it, given the gradient of what came out, over the same buffers. Beside them stands what
 * training needs else: a product with a weight that changes at every step, the loss, and the
 * optimiser's step.
 *
 * <p>A method named like one of {@link Kernels} <em>adds</em> to its destinations, since a value
 * may be used more than once. A destination is null where nobody asks for that gradient. Sources
 * are what the forward pass read and wrote, and {@code dOut} (or {@code dY}) is ∂L/∂out; no
 * destination is a source. Parameters are buffers of one row, whatever their shape. Sums have one
 * fixed order, whatever the number of threads.
 */
public interface Gradients extends RecurrenceGradients {

  /**
   * out ← x Wᵀ, or x W where {@code swapped}.
   *
   * @param x {@code [batch, time, in]}
   * @param weight {@code [out, in]}, or {@code [in, out]} where swapped: the numbers of a parameter
   *     from number {@code offset} on
   */
  void product(Buffer out, Buffer x, Buffer weight, int offset, boolean swapped);

  /** The gradients of {@link #product}; {@code dWeight} has the layout of {@code weight}. */
  void product(
      @Nullable Buffer dX,
      @Nullable Buffer dWeight,
      Buffer dOut,
      Buffer x,
      Buffer weight,
      int offset,
      boolean swapped);

  /** out[row] ← row tokens[row] of a table that holds rows as wide as {@code out}. */
  void rows(Buffer out, Buffer table, int[] tokens);

  /**
   * Of {@link #rows}: dTable[tokens[row]] += dOut[row]; {@code dTable} holds rows as wide as {@code
   * dOut}.
   */
  void embed(Buffer dTable, int[] tokens, Buffer dOut);

  /** dX += dOut, as after {@link Kernels#copy}. */
  void copy(Buffer dX, Buffer dOut);

  /** dX[b, time−1] += dOut[b, 0] */
  void last(Buffer dX, Buffer dOut);

  /**
   * Of {@link Kernels#layerNorm} ({@code heads} = 1) and {@link Kernels#groupNorm}.
   *
   * @param x what was normalised
   */
  void groupNorm(
      @Nullable Buffer dX,
      @Nullable Buffer dWeight,
      @Nullable Buffer dBias,
      Buffer dOut,
      Buffer x,
      Buffer weight,
      int heads,
      float eps);

  /**
   * Of {@link Kernels#tokenShift}.
   *
   * @param dShift of the token-shift state before, {@code [batch, 1, channels]}
   * @param dDelta of delta, or null where no gradient has reached it
   * @param dShiftAfter of the token-shift state after, or null where no gradient has reached it
   */
  void tokenShift(
      @Nullable Buffer dZ,
      @Nullable Buffer dShift,
      @Nullable Buffer dDelta,
      @Nullable Buffer dShiftAfter);

  /** Of {@link Kernels#mix}; {@code dMu} has as many rows as {@code mu}. */
  void mix(
      @Nullable Buffer dZ,
      @Nullable Buffer dDelta,
      @Nullable Buffer dMu,
      Buffer dOut,
      Buffer delta,
      Buffer mu);

  /** dX, from channel {@code from} on, += dOut */
  void slice(Buffer dX, Buffer dOut, int from);

  /**
   * Of {@link Kernels#activate}.
   *
   * @param x what went in
   * @param out what came out
   */
  void activate(Buffer dX, Buffer dOut, Buffer x, Buffer out, Activation f);

  /** Of {@link Kernels#add}; {@code dY} has as many rows as {@code y}, one or all. */
  void add(@Nullable Buffer dX, @Nullable Buffer dY, Buffer dOut);

  /** Of {@link Kernels#multiply}; {@code dY} has as many rows as {@code y}, one or all. */
  void multiply(@Nullable Buffer dX, @Nullable Buffer dY, Buffer dOut, Buffer x, Buffer y);

  /** Of {@link Kernels#lerp}. */
  void lerp(
      @Nullable Buffer dX,
      @Nullable Buffer dY,
      @Nullable Buffer dGate,
      Buffer dOut,
      Buffer x,
      Buffer y,
      Buffer gate);

  /** Of {@link Kernels#decay6}: dX −= dW ∘ w ∘ eˣ. */
  void decay6(Buffer dX, Buffer dW, Buffer x, Buffer w);

  /** Of {@link Kernels#decay7}: dX −= dW ∘ w ∘ e^−½ σ(x) (1 − σ(x)). */
  void decay7(Buffer dX, Buffer dW, Buffer x, Buffer w);

  /** Of {@link Kernels#removalKey7}. */
  void removalKey7(
      @Nullable Buffer dK,
      @Nullable Buffer dKeyScale,
      Buffer dKk,
      Buffer k,
      Buffer keyScale,
      int heads);

  /** Of {@link Kernels#replacementKey7}. */
  void replacementKey7(
      @Nullable Buffer dK,
      @Nullable Buffer dA,
      @Nullable Buffer dKeyRate,
      Buffer dOut,
      Buffer k,
      Buffer a,
      Buffer keyRate);

  /** Of {@link Kernels#bonus7}; its x has the gradient dOut. */
  void bonus7(
      @Nullable Buffer dR,
      @Nullable Buffer dK,
      @Nullable Buffer dBonus,
      @Nullable Buffer dV,
      Buffer dOut,
      Buffer r,
      Buffer k,
      Buffer bonus,
      Buffer v,
      int heads);

  /**
   * The weighted mean cross entropy, in nats, of the targets that are not negative; and its
   * gradient.
   *
   * <pre>
   *   dLogits ← scale · weight / n · (softmax(logits) − onehot(target)),   0 where the target is negative
   *   dLogits[largest logit] += scale · weight / n · l2wrap · (largest logit)
   * </pre>
   *
   * where n is the sum of the weights of targets that are not negative. The second line keeps
   * logits from drifting (L2Wrap); the official factor is 1e-4, and 0 leaves it out. Of equal
   * largest logits the first counts. Where the target is negative, neither line gives a gradient;
   * without any other target the mean is 0.
   *
   * @param logits {@code [batch, time, vocabulary]}
   * @param targets {@code [batch, time]}, row-major
   * @param weights how much each target counts, not negative, {@code [batch, time]}
   * @return the mean, without {@code scale}
   */
  double crossEntropy(
      Buffer dLogits, Buffer logits, int[] targets, float[] weights, double scale, double l2wrap);

  /** The same where all targets weigh alike. */
  default double crossEntropy(
      Buffer dLogits, Buffer logits, int[] targets, double scale, double l2wrap) {
    float[] weights = new float[targets.length];
    Arrays.fill(weights, 1);
    return crossEntropy(dLogits, logits, targets, weights, scale, l2wrap);
  }

  /** The sum of squares of all numbers, in f64. */
  double squares(Buffer x);

  /** x ← f(x) of every number: fills with zeros for a factor of 0, even where x is no number. */
  void scale(Buffer x, float factor);

  /**
   * A step of AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101) with decoupled weight decay:
   *
   * <pre>
   *   m ← β₁ m + (1 − β₁) g;   v ← β₂ v + (1 − β₂) g²
   *   p ← p − rate · (m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + eps) + decay · p)
   * </pre>
   *
   * @param p parameters; {@code m}, {@code v} their moments; {@code g} their gradient, times {@code
   *     step.gradientScale()}
   */
  void adam(Buffer p, Buffer m, Buffer v, Buffer g, AdamStep step);

  /**
   * @param rate learning rate
   * @param decay of weights
   * @param time t, counted from 1
   * @param gradientScale what gradients are multiplied with first (clipping)
   */
  record AdamStep(
      double rate,
      double decay,
      double beta1,
      double beta2,
      double eps,
      long time,
      double gradientScale) {}
}
