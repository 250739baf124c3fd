package rwkv.engine.backend.cpu;

import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.Memo;
import rwkv.engine.backend.Shapes;
import rwkv.engine.tensor.Tensor;

/**
 * The same as {@link ReferenceKernels} in f32 with the Vector API, shared out among {@link
 * Workers}.
 *
 * <p>Products read weights as they are stored, row by row for one token and unpacked tile by tile
 * for many; see {@link Rows}. Small work stays on the calling thread. Sums have one fixed order,
 * whatever the number of threads, tokens or sequences in a call: the same model and text give the
 * same bits.
 */
final class VectorKernels extends CpuKernels {

  /** Multiply-adds below which bringing in another thread costs more than it saves. */
  private static final long SMALL = 96 * 1024;

  /** Multiply-adds that take about as long as an exponential and what it is used in. */
  private static final int CURVE = 16;

  /** Bytes of a piece of a product, at most: a worker that loses its processor holds up one. */
  private static final long LARGEST_PIECE = 1 << 19;

  private final Workers workers;
  private final ColumnProducts columns;
  private final ManyTokens manyTokens;
  private final Gradients gradients;
  private final PreparedProducts others;
  private float[] arranged = {};
  private boolean closed;

  VectorKernels(int threads) {
    this(threads, null);
  }

  /**
   * @param products makes what is asked first for a product with many tokens
   */
  VectorKernels(int threads, @Nullable Function<Team, ManyTokenProducts> products) {
    workers = new Workers(threads);
    others = new PreparedProducts(products == null ? null : products.apply(workers));
    columns = new ColumnProducts(workers, SMALL, arena());
    manyTokens = new ManyTokens(workers);
    gradients = new VectorGradients(workers, SMALL);
  }

  @Override
  public String device() {
    return String.format(
            "CPU, %d %s, %d-bit vectors",
            workers.count(),
            workers.count() == 1 ? "thread" : "threads",
            Lanes.FLOATS.vectorBitSize())
        + others.suffix();
  }

  @Override
  public Matrix columns(Tensor tensor) {
    ColumnFormat format = ColumnFormat.of(tensor.dtype());
    return format == null
        ? matrix(tensor)
        : others.made(ColumnPacking.pack(tensor, format, arena(), workers), tensor);
  }

  @Override
  public void zeros(Buffer out, Buffer x) {
    Shapes.rows(out, x, 1);
    int n = x.channels();
    rows(x, 1, row -> data(out)[row] = (float) Elementwise.zeros(data(x), row * n, n) / n);
  }

  @Override
  public void embed(Buffer out, Matrix table, int[] tokens) {
    int channels = table.in();
    CpuMatrix t = (CpuMatrix) table;
    for (int row = 0; row < tokens.length; row++) {
      t.read(tokens[row], data(out), row * channels);
    }
  }

  @Override
  public synchronized void matmul(Buffer out, Buffer x, Matrix weight) {
    Shapes.product(out, x, weight);
    if (closed) {
      throw new IllegalStateException("the weights have been closed");
    }
    if (others.multiply(data(out), data(x), x.rows(), weight)) {
      return;
    }
    if (weight instanceof ColumnMatrix w) {
      columns.multiply(data(out), data(x), x.rows(), w);
      return;
    }
    CpuMatrix w = (CpuMatrix) weight;
    w.check();
    Rows rows = Rows.of(w.dtype());
    int tokens = x.rows();
    if (tokens == 1) {
      if (arranged.length < w.in()) {
        arranged = new float[w.in()];
      }
      rows.arrange(data(x), 0, arranged, 0, w.in());
      vector(data(out), w, rows);
    } else {
      boolean shared = (long) w.out() * w.in() * tokens >= SMALL;
      manyTokens.multiply(data(out), data(x), tokens, w, rows, shared);
    }
  }

  private void vector(float[] out, CpuMatrix w, Rows rows) {
    long work = (long) w.out() * w.in();
    if (work < SMALL || workers.count() == 1) {
      rows.times(w, 0, w.out(), arranged, out, 0);
      return;
    }
    long most = Math.max(workers.count() * 4L, w.dtype().bytes(work) / LARGEST_PIECE);
    int pieces = (int) Math.min(most, Math.max(workers.count(), work / SMALL));
    int size = Math.ceilDiv(Math.ceilDiv(w.out(), pieces), Rows.GROUP) * Rows.GROUP;
    float[] x = arranged;
    workers.run(
        Math.ceilDiv(w.out(), size),
        (i, slot) -> rows.times(w, i * size, Math.min(w.out(), (i + 1) * size), x, out, 0));
  }

  private void run(int pieces, long work, Workers.Piece piece) {
    if (work < SMALL) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    } else {
      workers.run(pieces, piece);
    }
  }

  /** Does something for every row; {@code cost} is in multiply-adds for one number. */
  private void rows(Buffer b, int cost, IntConsumer row) {
    run(b.rows(), (long) b.length() * cost, (i, slot) -> row.accept(i));
  }

  @Override
  public void layerNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, float eps) {
    groupNorm(out, x, weight, bias, 1, eps);
  }

  @Override
  public void groupNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, int heads, float eps) {
    Shapes.same(out, x, weight, bias);
    int size = x.channels() / heads;
    rows(
        x,
        4,
        row -> {
          for (int c = 0; c < x.channels(); c += size) {
            Elementwise.normalise(
                data(out), data(x), row * x.channels() + c, data(weight), data(bias), c, size, eps);
          }
        });
  }

  @Override
  void subtract(float[] out, int to, float[] x, int at, float[] y, int yAt, int n) {
    Elementwise.subtract(out, to, x, at, y, yAt, n);
  }

  @Override
  public void mix(Buffer out, Buffer z, Buffer delta, Buffer mu) {
    Shapes.same(out, z, delta, mu);
    int n = out.channels();
    rows(
        out,
        1,
        row ->
            Elementwise.mix(
                data(out), data(z), data(delta), row * n, data(mu), rowStart(mu, row), n));
  }

  @Override
  public void activate(Buffer out, Buffer x, Activation f) {
    Shapes.same(out, x);
    int n = out.channels();
    rows(
        out,
        f == Activation.SQUARED_RELU || f == Activation.IDENTITY ? 1 : CURVE,
        row -> Elementwise.activate(data(out), data(x), row * n, n, f));
  }

  @Override
  public void add(Buffer out, Buffer x, Buffer y) {
    Shapes.same(out, x, y);
    int n = out.channels();
    rows(out, 1, row -> Elementwise.add(data(out), data(x), row * n, data(y), rowStart(y, row), n));
  }

  @Override
  public void multiply(Buffer out, Buffer x, Buffer y) {
    Shapes.same(out, x, y);
    int n = out.channels();
    rows(
        out,
        1,
        row -> Elementwise.multiply(data(out), data(x), row * n, data(y), rowStart(y, row), n));
  }

  @Override
  public void lerp(Buffer out, Buffer x, Buffer y, Buffer gate) {
    Shapes.same(out, x, y, gate);
    int n = out.channels();
    rows(out, 1, row -> Elementwise.lerp(data(out), data(x), data(y), data(gate), row * n, n));
  }

  @Override
  public void wkv4(Buffer y, Buffer a, Buffer b, Buffer p, Buffer w, Buffer u, Buffer k, Buffer v) {
    Shapes.same(y, w, u, k, v);
    Shapes.state(y, y.channels(), a, b, p);
    int n = y.channels();
    int blocks = Math.ceilDiv(n, Wkv4.BLOCK);
    Wkv4 wkv = new Wkv4(data(y), data(a), data(b), data(p), data(w), data(u), data(k), data(v), n);
    run(
        y.batch() * blocks,
        (long) y.length() * 2 * CURVE,
        (i, slot) -> {
          int from = i % blocks * Wkv4.BLOCK;
          wkv.steps(i / blocks, y.time(), from, Math.min(n, from + Wkv4.BLOCK));
        });
  }

  @Override
  public void decay6(Buffer w, Buffer x) {
    Shapes.same(w, x);
    int n = w.channels();
    rows(w, CURVE, row -> Curves.decay6(data(w), data(x), row * n, n));
  }

  @Override
  public void wkv6(
      Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads) {
    Shapes.same(y, r, w, k, v, u);
    int size = y.channels() / heads;
    Shapes.state(y, y.channels() * size, state);
    int decayStride = w.rows() == 1 ? 0 : w.channels();
    Wkv6 wkv =
        new Wkv6(
            data(y), data(state), data(r), data(w), decayStride, data(k), data(v), data(u), size);
    run(
        y.batch() * heads,
        (long) y.length() * size * 2,
        (i, slot) -> {
          int row = i / heads * y.time();
          wkv.steps(i * size * size, row, i % heads * size, y.channels(), y.time());
        });
  }

  @Override
  public void decay7(Buffer w, Buffer x) {
    Shapes.same(w, x);
    int n = w.channels();
    rows(w, CURVE, row -> Curves.decay7(data(w), data(x), row * n, n));
  }

  @Override
  public void removalKey7(Buffer kk, Buffer k, Buffer keyScale, int heads) {
    Shapes.same(kk, k, keyScale);
    int size = k.channels() / heads;
    rows(
        kk,
        3,
        row -> {
          for (int c = 0; c < k.channels(); c += size) {
            int at = row * k.channels() + c;
            Elementwise.removalKey7(data(kk), data(k), at, data(keyScale), c, size);
          }
        });
  }

  @Override
  public void replacementKey7(Buffer out, Buffer k, Buffer a, Buffer keyRate) {
    Shapes.same(out, k, a, keyRate);
    int n = out.channels();
    rows(
        out,
        2,
        row -> Elementwise.replacementKey7(data(out), data(k), data(a), row * n, data(keyRate), n));
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
    Wkv7 wkv =
        new Wkv7(data(y), data(state), data(r), data(w), data(k), data(v), data(kk), data(a), size);
    run(
        y.batch() * heads,
        (long) y.length() * size * 4,
        (i, slot) -> {
          int sequence = i / heads;
          int channel = sequence * y.time() * y.channels() + i % heads * size;
          wkv.steps(i * size * size, channel, y.channels(), y.time());
        });
  }

  @Override
  public void bonus7(Buffer out, Buffer x, Buffer r, Buffer k, Buffer bonus, Buffer v, int heads) {
    Shapes.same(out, x, r, k, bonus, v);
    int size = x.channels() / heads;
    rows(
        out,
        4,
        row -> {
          for (int c = 0; c < x.channels(); c += size) {
            int at = row * x.channels() + c;
            Elementwise.bonus7(
                data(out), data(x), data(r), data(k), data(v), at, data(bonus), c, size);
          }
        });
  }

  @Override
  public void project(Buffer out, Buffer x, Buffer matrices) {
    Shapes.rows(out, x, out.channels());
    Shapes.rows(matrices, x, x.channels() * out.channels());
    int in = x.channels();
    int n = out.channels();
    rows(
        out,
        in,
        row -> Elementwise.project(data(out), row * n, n, data(x), row * in, in, data(matrices)));
  }

  @Override
  public void attend7b(Buffer out, Buffer q, History keys, History values) {
    Shapes.rows(out, q, values.channels());
    Shapes.rows(q, out, keys.channels());
    Shapes.histories(q, keys, values);
    new TextAttention(workers, SMALL).run(out, q, (CpuHistory) keys, (CpuHistory) values);
  }

  @Override
  public void rosa(
      Buffer out, Buffer matched, History q, History k, History v, Memo memo, float unmatched) {
    Shapes.rows(matched, out, matched.channels());
    Shapes.histories(out, q, k, v);
    int symbols = matched.channels();
    Rosa rosa =
        new Rosa(
            data(out),
            data(matched),
            (CpuHistory) q,
            (CpuHistory) k,
            (CpuHistory) v,
            (RosaMemo) memo,
            symbols,
            out.channels() / symbols,
            out.time(),
            unmatched);
    long ends = 0;
    for (int b = 0; b < out.batch(); b++) {
      rosa.memo().prepare(b, symbols, rosa.width());
      ends += (long) q.length(b) * out.time();
    }
    run(out.batch() * symbols, ends * symbols, (i, slot) -> rosa.steps(i / symbols, i % symbols));
  }

  @Override
  public Gradients gradients() {
    return gradients;
  }

  /**
   * Waits for a product that is being worked out and begins no other: products read weights by
   * address, and who closes kernels goes on to unmap the file.
   */
  @Override
  public synchronized void close() {
    closed = true;
    workers.close();
    others.close();
    super.close();
  }
}
