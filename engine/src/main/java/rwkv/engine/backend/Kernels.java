package rwkv.engine.backend;

import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * The vocabulary of the forward pass: one method per line of the papers, destination first, over
 * buffers {@code [batch, time, channels]}. A destination may be one of the sources where the
 * sources are of its shape, except in {@link #matmul}, {@link #tokenShift}, {@link #wkv6} and
 * {@link #wkv7}.
 *
 * <p>Vectors (biases, mixing weights) are buffers of one row and apply to every row. Sums over
 * channels and heads are taken with at least f32 precision. A {@code Kernels} is used by one thread
 * at a time; closing it ends its threads and frees its memory.
 */
public interface Kernels extends AutoCloseable {

  /** What it computes on, for a person, as in "CPU, 2 threads, 256-bit vectors". */
  String device();

  /**
   * Refuses what will not fit, before any of it is made. Kernels that compute in the program's own
   * memory refuse nothing here.
   *
   * @param bytes that will be needed
   * @param what needs them, for a person
   * @throws DeviceException if there are not as many
   */
  default void require(long bytes, String what) {}

  /**
   * Bytes of its device's own memory that it holds; 0 for kernels that compute in the program's
   * memory. May be asked by any thread at any time.
   */
  default long heldBytes() {
    return 0;
  }

  /** Zeros of shape {@code [batch, time, channels]}. */
  Buffer buffer(int batch, int time, int channels);

  /** A tensor's numbers as one row, whatever its shape. */
  Buffer vector(Tensor tensor);

  /**
   * One row of f(x) of each official number x of a parameter, {@code times} times each.
   *
   * @param stored the tensor that the numbers were read from
   * @param official its numbers, as official checkpoints hold them
   */
  default Buffer derived(Tensor stored, double[] official, int times, Derivation f) {
    float[] row = new float[official.length * times];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) f.of(official[i / times]);
    }
    return vector(Tensor.of("", Shape.of(row.length), row));
  }

  /** A weight matrix stored as {@code [out, in]}; it stays as it is stored. */
  Matrix matrix(Tensor tensor);

  /**
   * A weight matrix stored as {@code [out, in]} whose inputs are often zero: a backend may keep it
   * so that a product reads only the columns of inputs that are not.
   */
  default Matrix columns(Tensor tensor) {
    return matrix(tensor);
  }

  /**
   * A weight matrix stored as {@code [in, out]} (low-rank projections), transposed; of the same
   * type, but f32 where numbers are stored in blocks, which run along the other dimension, and for
   * F64.
   */
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

  /** out ← z + delta ∘ mu: the token-shifted input; {@code mu} may be one row. */
  void mix(Buffer out, Buffer z, Buffer delta, Buffer mu);

  /** out ← channels {@code from} and following of x, as many as {@code out} has. */
  void slice(Buffer out, Buffer x, int from);

  /**
   * Leading bits of the numbers of x and W that {@link #matmul} keeps: those of f32, or fewer where
   * it gives them to units that take shorter ones. Sums are f32.
   */
  default int productBits() {
    return Float.PRECISION;
  }

  /** out ← x Wᵀ */
  void matmul(Buffer out, Buffer x, Matrix weight);

  /** out[b,t] ← the share of x[b,t]'s channels that are zero; {@code out} has one channel. */
  void zeros(Buffer out, Buffer x);

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

  /**
   * RWKV-4's recurrence, for every channel of every sequence and its tokens in order. Numerator a
   * and denominator b are kept as multiples of eᵖ, so that neither overflows:
   *
   * <pre>
   *   q = max(p, u + k);  y ← (e^(p−q) a + e^(u+k−q) v) / (e^(p−q) b + e^(u+k−q))
   *   q = max(p + w, k);  a ← e^(p+w−q) a + e^(k−q) v;  b ← e^(p+w−q) b + e^(k−q);  p ← q
   * </pre>
   *
   * @param a numerator, {@code [batch, 1, channels]}, changed in place as {@code b} and {@code p}
   * @param b denominator
   * @param p their exponent
   * @param w natural logarithm of the decay, one row
   * @param u bonus of the current token, one row
   */
  void wkv4(Buffer y, Buffer a, Buffer b, Buffer p, Buffer w, Buffer u, Buffer k, Buffer v);

  /** w ← exp(−exp(x)): RWKV-6's decay, between 0 and 1. */
  void decay6(Buffer w, Buffer x);

  /**
   * The recurrence of RWKV-5 and RWKV-6, for every head of every sequence and its tokens in order:
   *
   * <pre>
   *   y ← rᵀ (S + (u ∘ k) vᵀ)
   *   S ← diag(w) S + k vᵀ
   * </pre>
   *
   * @param y {@code [batch, time, heads · value dim]}
   * @param state {@code [batch, 1, heads · key dim · value dim]}, S of every head, changed in place
   * @param w decay as a factor per token; may be one row
   * @param u bonus of the current token, one row
   */
  void wkv6(Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads);

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

  /** A history of {@code batch} sequences, empty, with rows of that many numbers. */
  History history(int batch, int channels);

  /** What {@link #rosa} remembers of one layer's histories of {@code batch} sequences. */
  Memo rosaMemo(int batch);

  /**
   * out ← x M, where every row has a matrix M of its own.
   *
   * @param matrices {@code [batch, time, in · out]}, M of every row, {@code [in, out]}
   */
  void project(Buffer out, Buffer x, Buffer matrices);

  /**
   * RWKV-7b's attention over the text. The last token of {@code q} stands at the last row of the
   * histories, and each token sees the rows up to its own:
   *
   * <pre>
   *   a_s = 64 tanh(q·k_s / 1024);  out ← Σ_s softmax(a)_s v_s
   * </pre>
   *
   * @param out {@code [batch, time, channels of the values]}
   * @param q {@code [batch, time, channels of the keys]}
   */
  void attend7b(Buffer out, Buffer q, History keys, History values);

  /**
   * Packs what is positive: bit c mod 16 of out[b,t][c / 16] ← x[b,t][c] > 0. Every number holds
   * the bits of sixteen channels as an integer.
   */
  void packSigns(Buffer out, Buffer x);

  /**
   * RWKV-8's ROSA. Neighbouring channels form a symbol (as many of them as {@code matched} has
   * channels), and each symbol is a text of its own. At every position i, with the longest suffix
   * of q_0 … q_i that also ends k_0 … k_e for some e &lt; i, and the latest such e:
   *
   * <pre>
   *   out ← +1 where v_(e+1) has a bit, −1 where it has none;  without such a suffix {@code unmatched}
   * </pre>
   *
   * @param out {@code [batch, time, channels]}
   * @param matched {@code [batch, time, symbols]}, the length of the suffix, 0 without
   * @param q the bits of {@link #packSigns}, the tokens of {@code out} being the last; likewise
   *     {@code k} and {@code v}
   * @param memo of these histories
   */
  void rosa(
      Buffer out, Buffer matched, History q, History k, History v, Memo memo, float unmatched);

  /** The backward pass over buffers of these kernels, or null where there is none. */
  default @Nullable Gradients gradients() {
    return null;
  }

  /**
   * The gradients of the recurrences, over buffers of these kernels; null where there are none.
   * There may be these and no others.
   */
  default @Nullable RecurrenceGradients recurrenceGradients() {
    return gradients();
  }

  @Override
  void close();
}
