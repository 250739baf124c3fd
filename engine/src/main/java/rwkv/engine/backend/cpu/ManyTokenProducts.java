package rwkv.engine.backend.cpu;

import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.Tensor;

/**
 * Another way of multiplying weights with many tokens than the Vector API, for CPUs that have
 * something better for it. {@link VectorBackend#open(int, java.util.function.Function)} makes
 * kernels that use one; all else they do themselves.
 *
 * <p>It may round otherwise: then chunks no longer give the bits of single tokens, so a backend
 * with one must be asked for by its name. Called by one thread at a time.
 */
public interface ManyTokenProducts extends AutoCloseable {

  /** A matrix that is ready to be multiplied, until its {@link ManyTokenProducts} are closed. */
  interface Product {

    /**
     * out[t] ← weights · x[t]
     *
     * @param out {@code [tokens, weights.out]}
     * @param x {@code [tokens, weights.in]}
     * @param tokens at least {@link #leastTokens}
     */
    void multiply(float[] out, float[] x, int tokens);
  }

  /** What it is, for a person, as in "oneDNN in bf16". */
  String name();

  /** Tokens from which on it is worth while; at least 2. */
  int leastTokens();

  /**
   * Brings a matrix into the form that it multiplies, which may be a copy.
   *
   * @param weights {@code [out, in]}, of any floating type
   * @return null where it does not do this one well
   */
  @Nullable Product prepare(Tensor weights);

  /** Frees what was prepared. */
  @Override
  void close();
}
