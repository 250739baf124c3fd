package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import rwkv.engine.backend.Buffer;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Weights on the card, and products with them. */
final class Products {

  /** Rows of x that one block of {@code matvec} reads a weight for. */
  private static final int MOST_ROWS = 8;

  private static final int THREADS = 128;

  private final CudaKernels kernels;

  Products(CudaKernels kernels) {
    this.kernels = kernels;
  }

  /** What kernels call a type; see {@code weights.cuh}. */
  static int code(DType dtype) {
    return dtype.ordinal();
  }

  CudaMatrix matrix(Tensor tensor) {
    if (tensor.shape().rank() != 2) {
      throw new IllegalArgumentException("not a matrix: " + tensor);
    }
    int out = Math.toIntExact(tensor.shape().size(0));
    int in = Math.toIntExact(tensor.shape().size(1));
    return upload(tensor.data(), out, in, tensor.dtype());
  }

  private CudaMatrix upload(MemorySegment data, int out, int in, DType dtype) {
    Object holder = new Object();
    long address = kernels.allocate(data.byteSize(), holder);
    if (data.isNative()) {
      kernels.sent().upload(address, data);
    } else {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment copy = arena.allocate(data.byteSize(), 64).copyFrom(data);
        kernels.sent().upload(address, copy);
      }
    }
    return new CudaMatrix(out, in, dtype, address, holder);
  }

  CudaMatrix transposed(Tensor tensor) {
    int rows = Math.toIntExact(tensor.shape().size(0));
    int columns = Math.toIntExact(tensor.shape().size(1));
    boolean plain = !tensor.dtype().isQuantised() && tensor.dtype() != DType.F64;
    CudaMatrix stored = plain ? matrix(tensor) : floats(tensor.toFloats(), rows, columns);
    Object holder = new Object();
    int size = stored.dtype().bytes();
    long address = kernels.allocate((long) size * rows * columns, holder);
    kernels
        .launch(size == 2 ? "transpose_16" : "transpose_32")
        .at(address)
        .at(stored.address())
        .with(rows)
        .with(columns)
        .each(Math.multiplyExact(rows, columns));
    kernels.sent().await();
    return new CudaMatrix(columns, rows, stored.dtype(), address, holder);
  }

  private CudaMatrix floats(float[] values, int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      return upload(data, rows, columns, DType.F32);
    }
  }

  /** out ← x Wᵀ */
  void product(Buffer out, Buffer x, CudaMatrix weight) {
    for (int from = 0; from < x.rows(); from += MOST_ROWS) {
      int rows = Math.min(MOST_ROWS, x.rows() - from);
      kernels
          .launch("matvec_" + weight.dtype().name().toLowerCase(java.util.Locale.ROOT))
          .at(((CudaBuffer) out).address() + (long) Float.BYTES * from * weight.out())
          .at(((CudaBuffer) x).address() + (long) Float.BYTES * from * weight.in())
          .at(weight.address())
          .with(rows)
          .with(weight.out())
          .with(weight.in())
          .over((weight.out() - 1) / (THREADS / 32) + 1, 1, THREADS);
    }
  }
}
