package rwkv.engine.backend;

import org.jspecify.annotations.Nullable;

/**
 * The gradients of the recurrences, by the rules of {@link Gradients}: they are added to their
 * destinations, null where nobody asks for one, and sums have one fixed order.
 */
public interface RecurrenceGradients {

  /**
   * Of {@link Kernels#wkv4}, for an upstream gradient of y and, where {@code after} is not null, of
   * the state after the last token.
   *
   * @param dW of the logarithm of the decay, one row
   * @param before state before the first token
   * @param dBefore adds up its gradient; its p is no variable of its own and gets none
   */
  void wkv4(
      @Nullable Buffer dW,
      @Nullable Buffer dU,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable State4 dBefore,
      @Nullable Buffer dY,
      @Nullable State4 dAfter,
      State4 before,
      Buffer w,
      Buffer u,
      Buffer k,
      Buffer v);

  /**
   * RWKV-4's state: numerator, denominator and their exponent, {@code [batch, 1, channels]} each.
   * Of gradients, those with respect to the numbers a and b as they are stored.
   */
  record State4(Buffer a, Buffer b, Buffer p) {}

  /**
   * Of {@link Kernels#wkv6}.
   *
   * @param dW of the decay as a factor, with as many rows as {@code w}, one or all
   * @param dBefore of the state before the first token
   * @param dY of y, or null where no gradient has reached it
   * @param dAfter of the state after the last token, or null where no gradient has reached it
   * @param before the state before the first token
   */
  void wkv6(
      @Nullable Buffer dR,
      @Nullable Buffer dW,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable Buffer dU,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Buffer before,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer u,
      int heads);

  /**
   * Of {@link Kernels#wkv7}. The states inside are worked out again from one state in every
   * sixteen, so that room grows by a state in every sixteen tokens and nothing is divided by w.
   *
   * @param d where the gradients of what {@code in} holds go
   * @param dBefore of the state before the first token
   * @param dY of y, or null where no gradient has reached it
   * @param dAfter of the state after the last token, or null where no gradient has reached it
   * @param before the state before the first token
   */
  void wkv7(
      Inputs7 d,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Buffer before,
      Inputs7 in,
      int heads);

  /** What {@link Kernels#wkv7} reads beside the state; all of one shape, none null as a source. */
  record Inputs7(
      @Nullable Buffer r,
      @Nullable Buffer w,
      @Nullable Buffer k,
      @Nullable Buffer v,
      @Nullable Buffer kk,
      @Nullable Buffer a) {}
}
