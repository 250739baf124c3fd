package rwkv.engine.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** What all CPU kernels have in common: where numbers are, and moving them without arithmetic. */
abstract class CpuKernels implements Kernels {

  private static final long CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();

  static float[] data(Buffer buffer) {
    return ((CpuBuffer) buffer).data();
  }

  /** Index of channel {@code c}'s value in a vector that has one row, or as many as there are. */
  static int rowStart(Buffer vector, int row) {
    return vector.rows() == 1 ? 0 : row * vector.channels();
  }

  /** Refuses sources that do not have the destination's shape; one-row vectors fit every shape. */
  static void same(Buffer out, Buffer... sources) {
    for (Buffer source : sources) {
      boolean fits = source.channels() == out.channels();
      if (!fits || (source.rows() != out.rows() && source.rows() != 1)) {
        throw new IllegalArgumentException(shape(source) + " does not fit " + shape(out));
      }
    }
  }

  static String shape(Buffer b) {
    return "[" + b.batch() + "," + b.time() + "," + b.channels() + "]";
  }

  static void checkMatmul(Buffer out, Buffer x, Matrix weight) {
    boolean fits = x.channels() == weight.in() && out.channels() == weight.out();
    if (!fits || out.rows() != x.rows()) {
      throw new IllegalArgumentException(
          String.format(
              "%s from %s through [%d,%d]", shape(out), shape(x), weight.out(), weight.in()));
    }
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
    return CpuMatrix.of(tensor);
  }

  @Override
  public Matrix transposed(Tensor tensor) {
    long rows = tensor.shape().size(0);
    long columns = tensor.shape().size(1);
    int width = tensor.dtype().bytes();
    MemorySegment copy = arena.allocate(tensor.data().byteSize(), CACHE_LINE);
    for (long row = 0; row < rows; row++) {
      for (long column = 0; column < columns; column++) {
        long from = (row * columns + column) * width;
        MemorySegment.copy(tensor.data(), from, copy, (column * rows + row) * width, width);
      }
    }
    return CpuMatrix.of(new Tensor(tensor.name(), tensor.dtype(), Shape.of(columns, rows), copy));
  }

  @Override
  public void copy(Buffer out, Buffer x) {
    same(out, x);
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
  public void tokenShift(Buffer delta, Buffer z, Buffer shift) {
    same(delta, z);
    int channels = z.channels();
    float[] d = data(delta);
    float[] x = data(z);
    for (int b = 0; b < z.batch(); b++) {
      float[] previous = data(shift);
      int from = b * channels;
      for (int t = 0; t < z.time(); t++) {
        int row = (b * z.time() + t) * channels;
        for (int c = 0; c < channels; c++) {
          d[row + c] = previous[from + c] - x[row + c];
        }
        previous = x;
        from = row;
      }
      System.arraycopy(x, from, data(shift), b * channels, channels);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
