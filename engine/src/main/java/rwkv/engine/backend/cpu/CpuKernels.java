package rwkv.engine.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.Memo;
import rwkv.engine.backend.Shapes;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** What all CPU kernels have in common: where numbers are, and moving them without arithmetic. */
abstract class CpuKernels implements Kernels {

  private static final long CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();

  /** What is allocated there lives until this is closed. */
  Arena arena() {
    return arena;
  }

  static float[] data(Buffer buffer) {
    return ((CpuBuffer) buffer).data();
  }

  /** Index of channel {@code c}'s value in a vector that has one row, or as many as there are. */
  static int rowStart(Buffer vector, int row) {
    return vector.rows() == 1 ? 0 : row * vector.channels();
  }

  @Override
  public Buffer buffer(int batch, int time, int channels) {
    return CpuBuffer.zeros(batch, time, channels);
  }

  @Override
  public Buffer vector(Tensor tensor) {
    float[] values = tensor.toFloats();
    return new CpuBuffer(values, 1, 1, values.length);
  }

  @Override
  public Matrix matrix(Tensor tensor) {
    return CpuMatrix.of(tensor, arena);
  }

  @Override
  public Matrix transposed(Tensor tensor) {
    boolean plain = !tensor.dtype().isQuantised() && tensor.dtype() != DType.F64;
    Tensor source = plain ? tensor : decoded(tensor);
    int rows = Math.toIntExact(source.shape().size(0));
    int columns = Math.toIntExact(source.shape().size(1));
    MemorySegment copy = arena.allocate(source.data().byteSize(), CACHE_LINE);
    Transposition.copy(source.data(), copy, rows, columns, source.dtype().bytes());
    return CpuMatrix.of(
        new Tensor(source.name(), source.dtype(), Shape.of(columns, rows), copy), arena);
  }

  /** Blocks run along rows, so they cannot be taken into columns as they are. */
  private static Tensor decoded(Tensor tensor) {
    return Tensor.of(tensor.name(), tensor.shape(), tensor.toFloats());
  }

  @Override
  public void copy(Buffer out, Buffer x) {
    Shapes.same(out, x);
    System.arraycopy(data(x), 0, data(out), 0, out.length());
  }

  @Override
  public void last(Buffer out, Buffer x) {
    int channels = x.channels();
    for (int b = 0; b < x.batch(); b++) {
      int from = ((b + 1) * x.time() - 1) * channels;
      System.arraycopy(data(x), from, data(out), b * channels, channels);
    }
  }

  @Override
  public void slice(Buffer out, Buffer x, int from) {
    Shapes.slice(out, x, from);
    int count = out.channels();
    for (int row = 0; row < x.rows(); row++) {
      System.arraycopy(data(x), row * x.channels() + from, data(out), row * count, count);
    }
  }

  @Override
  public void tokenShift(Buffer delta, Buffer z, Buffer shift) {
    Shapes.same(delta, z);
    int channels = z.channels();
    float[] d = data(delta);
    float[] x = data(z);
    for (int b = 0; b < z.batch(); b++) {
      float[] previous = data(shift);
      int from = b * channels;
      for (int t = 0; t < z.time(); t++) {
        int row = (b * z.time() + t) * channels;
        subtract(d, row, previous, from, x, row, channels);
        previous = x;
        from = row;
      }
      System.arraycopy(x, from, data(shift), b * channels, channels);
    }
  }

  /** out[to…] ← x[at…] − y[yAt…] */
  void subtract(float[] out, int to, float[] x, int at, float[] y, int yAt, int n) {
    for (int c = 0; c < n; c++) {
      out[to + c] = x[at + c] - y[yAt + c];
    }
  }

  @Override
  public History history(int batch, int channels) {
    return new CpuHistory(batch, channels);
  }

  @Override
  public Memo rosaMemo(int batch) {
    return new RosaMemo(batch);
  }

  @Override
  public void packSigns(Buffer out, Buffer x) {
    Shapes.rows(out, x, x.channels() == 0 ? 0 : (x.channels() - 1) / Signs.EACH + 1);
    for (int row = 0; row < x.rows(); row++) {
      Signs.pack(data(out), row * out.channels(), data(x), row * x.channels(), x.channels());
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
