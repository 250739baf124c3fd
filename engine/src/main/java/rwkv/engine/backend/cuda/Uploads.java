package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Brings weights onto a card, as they are stored. */
final class Uploads {

  private final Card card;

  Uploads(Card card) {
    this.card = card;
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
    return new CudaMatrix(out, in, dtype, false, address, holder);
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
    return new CudaMatrix(columns, rows, stored.dtype(), false, address, holder);
  }

  /** A matrix whose inputs are often zero: by columns, if they can be read eight at a time. */
  CudaMatrix columns(Tensor tensor) {
    boolean plain =
        switch (tensor.dtype()) {
          case F32, F16, BF16 -> true;
          default -> false;
        };
    if (!plain || tensor.shape().size(0) % 8 != 0) {
      return matrix(tensor);
    }
    CudaMatrix made = transposed(tensor);
    return new CudaMatrix(made.in(), made.out(), made.dtype(), true, made.address(), made.holder());
  }

  private CudaMatrix floats(float[] values, int rows, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      return upload(data, rows, columns, DType.F32);
    }
  }
}
