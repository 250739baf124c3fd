package rwkv.engine.backend;

/** A function applied to every number. */
public enum Activation {
  /** x */
  IDENTITY,
  /** tanh(x) */
  TANH,
  /** σ(x) = 1 / (1 + e⁻ˣ) */
  SIGMOID,
  /** x · σ(x) */
  SILU,
  /** max(x, 0)² */
  SQUARED_RELU
}
