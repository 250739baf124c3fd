package rwkv.engine.backend;

import rwkv.engine.tensor.Tensor;

/**
 * The vocabulary of the forward pass: one method per line of the papers, destination first, over
 * buffers {@code [batch, time, channels]}. A destination may be one of the sources where the
 * sources are of its shape, except in {@link #matmul}, {@link #tokenShift} and {@link #wkv7}.
 *
 * <p>Vectors (biases, mixing weights) are buffers of one row and apply to every row. Sums over
 * channels and heads are taken with at least f32 precision. A {@code Kernels} is used by one thread
 * at a time; closing it ends its threads and frees its memory.
 */
public interface Kernels extends AutoCloseable {

  /** What it computes on, for a person, as in "CPU, 2 threads, 256-bit vectors". */
  String device();

  /** Zeros of shape {@code [batch, time, channels]}. */
  Buffer buffer(int batch, int time, int channels);

  /** A tensor's numbers as one row, whatever its shape. */
  Buffer vector(Tensor tensor);

  /** A weight matrix stored as {@code [out, in]}; it stays as it is stored. */
  Matrix matrix(Tensor tensor);

  /** A weight matrix stored as {@code [in, out]} (low-rank projections); same type, transposed. */
  Matrix transposed(Tensor tensor);

  /** out ← x */
  void copy(Buffer out, Buffer x);

  /** out[b,t] ← table[tokens[b·time + t]] */
  void embed(Buffer out, Matrix table, int[] tokens);

  /** out[b,0] ← x[b, time−1]: the last row of every sequence. */
  void last(Buffer out, Buffer x);

  /**
   * out ← (x − mean) / √(var + eps) · weight + bias over the channels of each row; biased variance.
   */
  void layerNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, float eps);

  /**
   * delta[b,t] ← z[b,t−1] − z[b,t], where z[b,−1] is {@code shift[b]}; then shift[b] ← z[b,time−1].
   *
   * @param shift {@code [batch, 1, channels]}, the token-shift state
   */
  void tokenShift(Buffer delta, Buffer z, Buffer shift);

  /** out ← z + delta ∘ mu: the token-shifted input; {@code mu} is one row. */
  void mix(Buffer out, Buffer z, Buffer delta, Buffer mu);

  /** out ← x Wᵀ */
  void matmul(Buffer out, Buffer x, Matrix weight);

  /** out ← f(x) */
  void activate(Buffer out, Buffer x, Activation f);

  /** out ← x + y; {@code y} may be one row. */
  void add(Buffer out, Buffer x, Buffer y);

  /** out ← x ∘ y; {@code y} may be one row. */
  void multiply(Buffer out, Buffer x, Buffer y);

  /** out ← x + (y − x) ∘ gate */
  void lerp(Buffer out, Buffer x, Buffer y, Buffer gate);

  /** out ← f(x D) U: a low-rank projection; {@code hidden} holds f(x D) afterwards. */
  default void lowRank(Buffer out, Buffer hidden, Buffer x, Matrix down, Activation f, Matrix up) {
    matmul(hidden, x, down);
    activate(hidden, hidden, f);
    matmul(out, hidden, up);
  }

  /** w ← exp(−e^−½ · σ(x)): RWKV-7's decay, between 0.545 and 1. */
  void decay7(Buffer w, Buffer x);

  /** kk ← (k ∘ k_k) / max(‖k ∘ k_k‖₂, 1e-12), the norm taken per head. */
  void removalKey7(Buffer kk, Buffer k, Buffer keyScale, int heads);

  /** out ← k ∘ (1 + (a − 1) ∘ k_a): RWKV-7's replacement key. */
  void replacementKey7(Buffer out, Buffer k, Buffer a, Buffer keyRate);

  /**
   * RWKV-7's recurrence, for every head of every sequence and its tokens in order:
   *
   * <pre>
   *   S ← S diag(w) − (S κ̂)(κ̂ ∘ a)ᵀ + v kᵀ
   *   y ← S r
   * </pre>
   *
   * @param y {@code [batch, time, heads · value dim]}
   * @param state {@code [batch, 1, heads · value dim · key dim]}, S of every head, changed in place
   */
  void wkv7(
      Buffer y,
      Buffer state,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer kk,
      Buffer a,
      int heads);

  /** out ← group norm of x with one group per head, then · weight + bias per channel. */
  void groupNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, int heads, float eps);

  /** out ← x + (Σ over the head of r ∘ k ∘ r_k) v: RWKV-7's bonus. */
  void bonus7(Buffer out, Buffer x, Buffer r, Buffer k, Buffer bonus, Buffer v, int heads);

  @Override
  void close();
}
