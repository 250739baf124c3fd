package rwkv.engine.backend.cpu;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.Tensor;

/**
 * {@link ManyTokenProducts} for the matrices of {@link VectorKernels}. One is prepared when it
 * first meets enough tokens: tables that are only looked up, and weights of a session that only
 * decodes, never are.
 */
final class PreparedProducts implements AutoCloseable {

  private final @Nullable ManyTokenProducts products;
  private final Map<ColumnMatrix, Tensor> sources = new IdentityHashMap<>();
  private final Map<Matrix, Optional<ManyTokenProducts.Product>> prepared = new IdentityHashMap<>();

  /**
   * @param products null for none: then this takes no product
   */
  PreparedProducts(@Nullable ManyTokenProducts products) {
    this.products = products;
  }

  /** What there is to add to the kernels' name. */
  String suffix() {
    return products == null ? "" : ", many tokens by " + products.name();
  }

  /** Is told what a matrix by columns was made from; returns the matrix. */
  ColumnMatrix made(ColumnMatrix matrix, Tensor from) {
    if (products != null) {
      sources.put(matrix, from);
    }
    return matrix;
  }

  /**
   * out[t] ← weights · x[t]
   *
   * @return false, and nothing is done, where this is not for it
   */
  boolean multiply(float[] out, float[] x, int tokens, Matrix weights) {
    if (products == null || tokens < products.leastTokens()) {
      return false;
    }
    if (weights instanceof CpuMatrix w) {
      w.check();
    }
    Optional<ManyTokenProducts.Product> product = prepared.get(weights);
    if (product == null) {
      product = Optional.ofNullable(products.prepare(tensor(weights)));
      prepared.put(weights, product);
    }
    product.ifPresent(p -> p.multiply(out, x, tokens));
    return product.isPresent();
  }

  private Tensor tensor(Matrix weights) {
    return switch (weights) {
      case CpuMatrix w -> w.tensor();
      case ColumnMatrix w when sources.containsKey(w) -> sources.get(w);
      default -> throw new IllegalArgumentException("not a matrix of these kernels: " + weights);
    };
  }

  @Override
  public void close() {
    prepared.clear();
    sources.clear();
    if (products != null) {
      products.close();
    }
  }
}
