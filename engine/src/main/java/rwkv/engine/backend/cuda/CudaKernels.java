package rwkv.engine.backend.cuda;

import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.Memo;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.Shapes;
import rwkv.engine.tensor.Tensor;

/**
 * The vocabulary of the forward pass on a card: every method checks the shapes and asks for a
 * launch or two, whose kernels stand in {@code src/main/cuda} under the same names. Nothing waits
 * for the card until somebody reads a buffer.
 */
final class CudaKernels implements Kernels {

  /** Threads of a block that sums over a short head. */
  private static final int NARROW = 32;

  /** Threads of all other blocks. */
  private static final int WIDE = 256;

  private final Card card;
  private final Uploads uploads;
  private final Products products;
  private final Tokens tokens;
  private final Pasts pasts;

  /**
   * @param driver closed with these kernels
   */
  CudaKernels(Driver driver) {
    this.card = new Card(driver);
    this.uploads = new Uploads(card);
    this.products = new Products(card);
    this.tokens = new Tokens(card);
    this.pasts = new Pasts(card);
  }

  @Override
  public String device() {
    return card.device().title();
  }

  @Override
  public int productBits() {
    return products.bits();
  }

  @Override
  public void require(long bytes, String what) {
    card.require(bytes, what);
  }

  @Override
  public long heldBytes() {
    return card.heldBytes();
  }

  @Override
  public Buffer buffer(int batch, int time, int channels) {
    CudaBuffer made = card.room(batch, time, channels);
    card.sent().fillZero(made.address(), (long) Float.BYTES * made.length());
    return made;
  }

  @Override
  public Buffer vector(Tensor tensor) {
    float[] values = tensor.toFloats();
    CudaBuffer made = card.room(1, 1, values.length);
    made.write(0, values, 0, values.length);
    return made;
  }

  @Override
  public Matrix matrix(Tensor tensor) {
    return uploads.matrix(tensor);
  }

  @Override
  public Matrix columns(Tensor tensor) {
    return uploads.columns(tensor);
  }

  @Override
  public Matrix transposed(Tensor tensor) {
    return uploads.transposed(tensor);
  }

  @Override
  public void matmul(Buffer out, Buffer x, Matrix weight) {
    Shapes.product(out, x, weight);
    products.product(out, x, (CudaMatrix) weight);
  }

  @Override
  public void embed(Buffer out, Matrix table, int[] ids) {
    CudaMatrix rows = (CudaMatrix) table;
    card.each(
        "embed",
        out.length(),
        out,
        rows.address(),
        Products.code(rows.dtype()),
        tokens.address(ids),
        rows.in(),
        out.length());
  }

  @Override
  public void copy(Buffer out, Buffer x) {
    Shapes.same(out, x);
    card.each("copy", out.length(), out, x, out.length(), x.length());
  }

  @Override
  public void last(Buffer out, Buffer x) {
    card.each("last", out.length(), out, x, x.time(), x.channels(), out.length());
  }

  @Override
  public void slice(Buffer out, Buffer x, int from) {
    Shapes.slice(out, x, from);
    card.each("slice", out.length(), out, x, out.channels(), x.channels(), from, out.length());
  }

  @Override
  public void layerNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, float eps) {
    groupNorm(out, x, weight, bias, 1, eps);
  }

  @Override
  public void groupNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, int heads, float eps) {
    Shapes.same(out, x, weight, bias);
    int size = x.channels() / heads;
    perHead("group_norm", heads, x, out, x, weight, bias, size, eps, heads, x.rows());
  }

  /** Runs a kernel with a block for every head of every row of x. */
  private void perHead(String kernel, int heads, Buffer x, Object... arguments) {
    int blocks = Math.multiplyExact(heads, x.rows());
    card.over(kernel, blocks, 1, threads(x.channels() / heads), arguments);
  }

  private static int threads(int size) {
    return size <= 4 * NARROW ? NARROW : WIDE;
  }

  @Override
  public void tokenShift(Buffer delta, Buffer z, Buffer shift) {
    Shapes.same(delta, z);
    card.each("token_shift", z.length(), delta, z, shift, z.time(), z.channels(), z.length());
    if (z.time() > 1) {
      // One token's thread keeps its own number; of several, others still read the state.
      last(shift, z);
    }
  }

  @Override
  public void mix(Buffer out, Buffer z, Buffer delta, Buffer mu) {
    Shapes.same(out, z, delta, mu);
    card.each("mix", out.length(), out, z, delta, mu, out.length(), mu.length());
  }

  @Override
  public void zeros(Buffer out, Buffer x) {
    Shapes.rows(out, x, 1);
    card.over("zeros", x.rows(), 1, WIDE, out, x, x.channels());
  }

  @Override
  public void activate(Buffer out, Buffer x, Activation f) {
    Shapes.same(out, x);
    card.each("activate", out.length(), out, x, f.ordinal(), out.length(), x.length());
  }

  @Override
  public void add(Buffer out, Buffer x, Buffer y) {
    pairwise("add", out, x, y);
  }

  @Override
  public void multiply(Buffer out, Buffer x, Buffer y) {
    pairwise("multiply", out, x, y);
  }

  private void pairwise(String kernel, Buffer out, Buffer x, Buffer y) {
    Shapes.same(out, x, y);
    card.each(kernel, out.length(), out, x, y, out.length(), x.length(), y.length());
  }

  @Override
  public void lerp(Buffer out, Buffer x, Buffer y, Buffer gate) {
    Shapes.same(out, x, y, gate);
    card.each("lerp", out.length(), out, x, y, gate, out.length(), y.length(), gate.length());
  }

  @Override
  public void wkv4(Buffer y, Buffer a, Buffer b, Buffer p, Buffer w, Buffer u, Buffer k, Buffer v) {
    Shapes.same(y, w, u, k, v);
    Shapes.state(y, y.channels(), a, b, p);
    card.each(
        "wkv4",
        y.batch() * y.channels(),
        y,
        a,
        b,
        p,
        w,
        u,
        k,
        v,
        y.batch(),
        y.time(),
        y.channels());
  }

  @Override
  public void decay6(Buffer w, Buffer x) {
    decay("decay6", w, x);
  }

  @Override
  public void decay7(Buffer w, Buffer x) {
    decay("decay7", w, x);
  }

  private void decay(String kernel, Buffer w, Buffer x) {
    Shapes.same(w, x);
    card.each(kernel, w.length(), w, x, w.length(), x.length());
  }

  @Override
  public void wkv6(
      Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads) {
    Shapes.same(y, r, w, k, v, u);
    int size = y.channels() / heads;
    Shapes.state(y, y.channels() * size, state);
    card.over(
        sized("wkv6", size),
        heads,
        y.batch(),
        size,
        y,
        state,
        r,
        w,
        k,
        v,
        u,
        y.time(),
        heads,
        size,
        w.rows() == 1 ? 0 : y.channels());
  }

  /** The usual sizes of heads have kernels that keep the state in registers. */
  private static String sized(String kernel, int size) {
    return switch (size) {
      case 32, 64, 128 -> kernel + "_" + size;
      default -> kernel;
    };
  }

  @Override
  public void removalKey7(Buffer kk, Buffer k, Buffer keyScale, int heads) {
    Shapes.same(kk, k, keyScale);
    int size = k.channels() / heads;
    perHead("removal_key7", heads, k, kk, k, keyScale, size, heads, k.rows());
  }

  @Override
  public void replacementKey7(Buffer out, Buffer k, Buffer a, Buffer keyRate) {
    Shapes.same(out, k, a, keyRate);
    card.each("replacement_key7", out.length(), out, k, a, keyRate, out.length(), keyRate.length());
  }

  @Override
  public void wkv7(
      Buffer y,
      Buffer state,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer kk,
      Buffer a,
      int heads) {
    Shapes.same(y, r, w, k, v, kk, a);
    int size = y.channels() / heads;
    Shapes.state(y, y.channels() * size, state);
    card.over(
        sized("wkv7", size),
        heads,
        y.batch(),
        size,
        y,
        state,
        r,
        w,
        k,
        v,
        kk,
        a,
        y.time(),
        heads,
        size);
  }

  @Override
  public void bonus7(Buffer out, Buffer x, Buffer r, Buffer k, Buffer bonus, Buffer v, int heads) {
    Shapes.same(out, x, r, k, bonus, v);
    int size = x.channels() / heads;
    perHead("bonus7", heads, x, out, x, r, k, bonus, v, size, heads, x.rows());
  }

  @Override
  public void project(Buffer out, Buffer x, Buffer matrices) {
    Shapes.rows(out, x, out.channels());
    Shapes.rows(matrices, x, x.channels() * out.channels());
    card.each(
        "project", out.length(), out, x, matrices, x.channels(), out.channels(), out.length());
  }

  @Override
  public History history(int batch, int channels) {
    return new CudaHistory(card, batch, channels);
  }

  /** Nothing is remembered: every position looks for its suffix anew. */
  @Override
  public Memo rosaMemo(int batch) {
    return _ -> {};
  }

  @Override
  public void attend7b(Buffer out, Buffer q, History keys, History values) {
    Shapes.rows(out, q, values.channels());
    Shapes.rows(q, out, keys.channels());
    Shapes.histories(q, keys, values);
    pasts.attend7b(out, q, (CudaHistory) keys, (CudaHistory) values);
  }

  @Override
  public void packSigns(Buffer out, Buffer x) {
    Shapes.rows(out, x, x.channels() == 0 ? 0 : (x.channels() - 1) / 16 + 1);
    card.each("pack_signs", out.length(), out, x, out.channels(), x.channels(), out.length());
  }

  @Override
  public void rosa(
      Buffer out, Buffer matched, History q, History k, History v, Memo memo, float unmatched) {
    Shapes.rows(matched, out, matched.channels());
    Shapes.histories(out, q, k, v);
    pasts.rosa(out, matched, (CudaHistory) q, (CudaHistory) k, (CudaHistory) v, unmatched);
  }

  @Override
  public RecurrenceGradients recurrenceGradients() {
    return new WkvGradients(card);
  }

  @Override
  public void close() {
    card.close();
  }
}
