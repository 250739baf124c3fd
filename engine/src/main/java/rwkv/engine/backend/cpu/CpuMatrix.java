package rwkv.engine.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** A weight matrix in native memory, row-major, as stored. */
record CpuMatrix(int out, int in, DType dtype, MemorySegment data, Tensor tensor)
    implements Matrix {

  /**
   * The matrix of a tensor, where it lies.
   *
   * @param arena for a copy of one that does not lie in native memory
   */
  static CpuMatrix of(Tensor tensor, Arena arena) {
    if (tensor.shape().rank() != 2) {
      throw new IllegalArgumentException("not a matrix: " + tensor);
    }
    MemorySegment data = tensor.data();
    if (!data.isNative()) {
      data = arena.allocate(data.byteSize(), 64).copyFrom(data);
    }
    return new CpuMatrix(
        Math.toIntExact(tensor.shape().size(0)),
        Math.toIntExact(tensor.shape().size(1)),
        tensor.dtype(),
        data,
        tensor);
  }

  /**
   * Throws unless the memory is there: kernels read by address.
   *
   * @throws IllegalStateException if the weights have been closed
   */
  void check() {
    if (!data.scope().isAlive()) {
      throw new IllegalStateException("the weights have been closed");
    }
  }

  /** Address of a row. */
  long row(int row) {
    return data.address() + row * rowBytes();
  }

  long rowBytes() {
    return dtype.bytes(in);
  }

  /** Copies row {@code row} as f32 to {@code to[start…]}. */
  void read(int row, float[] to, int start) {
    tensor.read((long) row * in, in, to, start);
  }

  /** The weight from channel {@code column} to channel {@code row}. */
  double get(int row, int column) {
    return tensor.get((long) row * in + column);
  }
}
