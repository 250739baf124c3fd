package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.Memo;
import rwkv.engine.backend.Shapes;
import rwkv.engine.tensor.Tensor;

/**
 * The vocabulary of the forward pass on a card: every method checks the shapes and asks for a
 * launch or two, whose kernels stand in {@code src/main/cuda} under the same names. Nothing waits
 * for the card until somebody reads a buffer.
 */
final class CudaKernels implements Kernels {

  /** Threads of a block that sums over a head or a row of channels. */
  private static final int NARROW = 32;

  private static final int WIDE = 256;

  private final Driver driver;
  private final DeviceMemory memory;
  private final Commands commands;
  private final Launcher launcher;
  private final Products products;
  private final Tokens tokens;
  private final Arena arena = Arena.ofShared();
  private MemorySegment staging;

  /**
   * @param driver closed with these kernels
   */
  CudaKernels(Driver driver) {
    this.driver = driver;
    this.memory = new DeviceMemory(driver);
    this.commands = new Commands(driver);
    this.launcher = new Launcher(commands);
    this.staging = arena.allocate(1 << 16, 64);
    this.products = new Products(this);
    this.tokens = new Tokens(this);
  }

  @Override
  public String device() {
    return driver.device().title();
  }

  Device card() {
    return driver.device();
  }

  /** Begins a launch. */
  Launcher launch(String kernel) {
    return launcher.of(kernel);
  }

  /** Sends what waits, so that a copy that follows comes after it. */
  Driver sent() {
    commands.send();
    return driver;
  }

  /** Memory of any content, kept as long as {@code holder} is reachable. */
  long allocate(long bytes, Object holder) {
    return memory.allocate(bytes, holder);
  }

  /** A buffer of any content. */
  CudaBuffer room(int batch, int time, int channels) {
    if (batch < 1 || time < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "a buffer of [" + batch + "," + time + "," + channels + "]");
    }
    int length = Math.multiplyExact(Math.multiplyExact(batch, time), channels);
    return new CudaBuffer(this, numbers(length), batch, time, channels);
  }

  /** Memory for that many numbers of four bytes, of any content. */
  CudaBuffer.Memory numbers(long length) {
    return new CudaBuffer.Memory(memory, length);
  }

  void read(long address, float[] into, int at, int count) {
    MemorySegment host = staging((long) Float.BYTES * count);
    sent().download(host, address);
    MemorySegment.copy(host, ValueLayout.JAVA_FLOAT, 0, into, at, count);
  }

  void write(long address, float[] from, int at, int count) {
    MemorySegment host = staging((long) Float.BYTES * count);
    MemorySegment.copy(from, at, host, ValueLayout.JAVA_FLOAT, 0, count);
    sent().upload(address, host);
  }

  /** Native memory for a copy; one copy is under way at a time. */
  MemorySegment staging(long bytes) {
    if (staging.byteSize() < bytes) {
      staging = arena.allocate(Math.max(bytes, 2 * staging.byteSize()), 64);
    }
    return staging.asSlice(0, bytes);
  }

  @Override
  public Buffer buffer(int batch, int time, int channels) {
    CudaBuffer made = room(batch, time, channels);
    sent().fillZero(made.address(), (long) Float.BYTES * made.length());
    return made;
  }

  @Override
  public Buffer vector(Tensor tensor) {
    float[] values = tensor.toFloats();
    CudaBuffer made = room(1, 1, values.length);
    made.write(0, values, 0, values.length);
    return made;
  }

  @Override
  public Matrix matrix(Tensor tensor) {
    return products.matrix(tensor);
  }

  @Override
  public Matrix transposed(Tensor tensor) {
    return products.transposed(tensor);
  }

  @Override
  public void matmul(Buffer out, Buffer x, Matrix weight) {
    Shapes.product(out, x, weight);
    products.product(out, x, (CudaMatrix) weight);
  }

  @Override
  public void embed(Buffer out, Matrix table, int[] ids) {
    CudaMatrix rows = (CudaMatrix) table;
    launch("embed")
        .with(out)
        .at(rows.address())
        .with(Products.code(rows.dtype()))
        .at(tokens.address(ids))
        .with(rows.in())
        .with(out.length())
        .each(out.length());
  }

  @Override
  public void copy(Buffer out, Buffer x) {
    Shapes.same(out, x);
    launch("copy").with(out).with(x).with(out.length()).with(x.length()).each(out.length());
  }

  @Override
  public void last(Buffer out, Buffer x) {
    launch("last")
        .with(out)
        .with(x)
        .with(x.time())
        .with(x.channels())
        .with(out.length())
        .each(out.length());
  }

  @Override
  public void slice(Buffer out, Buffer x, int from) {
    Shapes.slice(out, x, from);
    launch("slice")
        .with(out)
        .with(x)
        .with(out.channels())
        .with(x.channels())
        .with(from)
        .with(out.length())
        .each(out.length());
  }

  @Override
  public void layerNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, float eps) {
    groupNorm(out, x, weight, bias, 1, eps);
  }

  @Override
  public void groupNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, int heads, float eps) {
    Shapes.same(out, x, weight, bias);
    int size = x.channels() / heads;
    perHead(
        launch("group_norm").with(out).with(x).with(weight).with(bias).with(size).with(eps),
        heads,
        x.rows(),
        size);
  }

  /** A block for every head of every row. */
  private static void perHead(Launcher launch, int heads, int rows, int size) {
    launch.with(heads).with(rows).over(Math.multiplyExact(heads, rows), 1, threads(size));
  }

  private static int threads(int size) {
    return size <= 4 * NARROW ? NARROW : WIDE;
  }

  @Override
  public void tokenShift(Buffer delta, Buffer z, Buffer shift) {
    Shapes.same(delta, z);
    launch("token_shift")
        .with(delta)
        .with(z)
        .with(shift)
        .with(z.time())
        .with(z.channels())
        .with(z.length())
        .each(z.length());
    if (z.time() > 1) {
      // One token's thread keeps its own number; of several, others still read the state.
      last(shift, z);
    }
  }

  @Override
  public void mix(Buffer out, Buffer z, Buffer delta, Buffer mu) {
    Shapes.same(out, z, delta, mu);
    launch("mix")
        .with(out)
        .with(z)
        .with(delta)
        .with(mu)
        .with(out.length())
        .with(mu.length())
        .each(out.length());
  }

  @Override
  public void zeros(Buffer out, Buffer x) {
    Shapes.rows(out, x, 1);
    launch("zeros").with(out).with(x).with(x.channels()).over(x.rows(), 1, WIDE);
  }

  @Override
  public void activate(Buffer out, Buffer x, Activation f) {
    Shapes.same(out, x);
    launch("activate")
        .with(out)
        .with(x)
        .with(f.ordinal())
        .with(out.length())
        .with(x.length())
        .each(out.length());
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
    launch(kernel)
        .with(out)
        .with(x)
        .with(y)
        .with(out.length())
        .with(x.length())
        .with(y.length())
        .each(out.length());
  }

  @Override
  public void lerp(Buffer out, Buffer x, Buffer y, Buffer gate) {
    Shapes.same(out, x, y, gate);
    launch("lerp")
        .with(out)
        .with(x)
        .with(y)
        .with(gate)
        .with(out.length())
        .with(y.length())
        .with(gate.length())
        .each(out.length());
  }

  @Override
  public void wkv4(Buffer y, Buffer a, Buffer b, Buffer p, Buffer w, Buffer u, Buffer k, Buffer v) {
    Shapes.same(y, w, u, k, v);
    Shapes.state(y, y.channels(), a, b, p);
    launch("wkv4")
        .with(y)
        .with(a)
        .with(b)
        .with(p)
        .with(w)
        .with(u)
        .with(k)
        .with(v)
        .with(y.batch())
        .with(y.time())
        .with(y.channels())
        .each(y.batch() * y.channels());
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
    launch(kernel).with(w).with(x).with(w.length()).with(x.length()).each(w.length());
  }

  @Override
  public void wkv6(
      Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads) {
    Shapes.same(y, r, w, k, v, u);
    int size = y.channels() / heads;
    Shapes.state(y, y.channels() * size, state);
    launch(sized("wkv6", size))
        .with(y)
        .with(state)
        .with(r)
        .with(w)
        .with(k)
        .with(v)
        .with(u)
        .with(y.time())
        .with(heads)
        .with(size)
        .with(w.rows() == 1 ? 0 : y.channels())
        .over(heads, y.batch(), size);
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
    perHead(
        launch("removal_key7").with(kk).with(k).with(keyScale).with(size), heads, k.rows(), size);
  }

  @Override
  public void replacementKey7(Buffer out, Buffer k, Buffer a, Buffer keyRate) {
    Shapes.same(out, k, a, keyRate);
    launch("replacement_key7")
        .with(out)
        .with(k)
        .with(a)
        .with(keyRate)
        .with(out.length())
        .with(keyRate.length())
        .each(out.length());
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
    launch(sized("wkv7", size))
        .with(y)
        .with(state)
        .with(r)
        .with(w)
        .with(k)
        .with(v)
        .with(kk)
        .with(a)
        .with(y.time())
        .with(heads)
        .with(size)
        .over(heads, y.batch(), size);
  }

  @Override
  public void bonus7(Buffer out, Buffer x, Buffer r, Buffer k, Buffer bonus, Buffer v, int heads) {
    Shapes.same(out, x, r, k, bonus, v);
    int size = x.channels() / heads;
    perHead(
        launch("bonus7").with(out).with(x).with(r).with(k).with(bonus).with(v).with(size),
        heads,
        x.rows(),
        size);
  }

  @Override
  public void project(Buffer out, Buffer x, Buffer matrices) {
    Shapes.rows(out, x, out.channels());
    Shapes.rows(matrices, x, x.channels() * out.channels());
    launch("project")
        .with(out)
        .with(x)
        .with(matrices)
        .with(x.channels())
        .with(out.channels())
        .with(out.length())
        .each(out.length());
  }

  @Override
  public History history(int batch, int channels) {
    return new CudaHistory(this, batch, channels);
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
    for (int b = 0; b < q.batch(); b++) {
      CudaHistory k = (CudaHistory) keys;
      int seen = k.length(b);
      CudaBuffer weights = room(1, q.time(), seen);
      launch("attention7b")
          .with(weights)
          .with(q)
          .at(k.address(b))
          .with(q.channels())
          .with(b * q.time())
          .with(q.time())
          .with(seen)
          .over(q.time(), 1, WIDE);
      launch("attended7b")
          .with(out)
          .with(weights)
          .at(((CudaHistory) values).address(b))
          .with(out.channels())
          .with(b * q.time())
          .with(q.time())
          .with(seen)
          .over((out.channels() - 1) / WIDE + 1, q.time(), WIDE);
    }
  }

  @Override
  public void packSigns(Buffer out, Buffer x) {
    Shapes.rows(out, x, x.channels() == 0 ? 0 : (x.channels() - 1) / 16 + 1);
    launch("pack_signs")
        .with(out)
        .with(x)
        .with(out.channels())
        .with(x.channels())
        .with(out.length())
        .each(out.length());
  }

  @Override
  public void rosa(
      Buffer out, Buffer matched, History q, History k, History v, Memo memo, float unmatched) {
    Shapes.rows(matched, out, matched.channels());
    Shapes.histories(out, q, k, v);
    for (int b = 0; b < out.batch(); b++) {
      launch("rosa")
          .with(out)
          .with(matched)
          .at(((CudaHistory) q).address(b))
          .at(((CudaHistory) k).address(b))
          .at(((CudaHistory) v).address(b))
          .with(q.channels())
          .with(k.channels())
          .with(v.channels())
          .with(out.channels())
          .with(matched.channels())
          .with(b * out.time())
          .with(out.time())
          .with(q.length(b))
          .with(unmatched)
          .over(matched.channels(), out.time(), WIDE);
    }
  }

  /** Frees all memory on the card that was made here. */
  @Override
  public void close() {
    try {
      commands.close();
      memory.close();
    } finally {
      driver.close();
      arena.close();
    }
  }
}
