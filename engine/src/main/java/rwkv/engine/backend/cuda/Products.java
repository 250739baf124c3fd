package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import rwkv.engine.backend.Buffer;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Weights on the card, and products with them. */
final class Products {

  /** Rows of x for which a weight is read once. */
  private static final int MOST_ROWS = 8;

  private static final int WARP = 32;

  /** Outputs of a block, each with a warp of its own. */
  private static final int OUTS = 4;

  private final Card card;

  Products(Card card) {
    this.card = card;
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
    long address = card.allocate(data.byteSize(), holder);
    if (data.isNative()) {
      card.sent().upload(address, data);
    } else {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment copy = arena.allocate(data.byteSize(), 64).copyFrom(data);
        card.sent().upload(address, copy);
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
    long address = card.allocate((long) size * rows * columns, holder);
    card.each(
        size == 2 ? "transpose_16" : "transpose_32",
        Math.multiplyExact(rows, columns),
        address,
        stored.address(),
        rows,
        columns);
    card.sent().await();
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
      card.over(
          "matvec_" + weight.dtype().name().toLowerCase(Locale.ROOT),
          Math.ceilDiv(weight.out(), OUTS),
          1,
          OUTS * WARP,
          row(out, from),
          row(x, from),
          weight.address(),
          rows,
          weight.out(),
          weight.in());
    }
  }

  private static long row(Buffer x, int row) {
    return ((CudaBuffer) x).address() + (long) Float.BYTES * row * x.channels();
  }
}
