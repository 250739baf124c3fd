package rwkv.engine.backend.cpu;

import java.lang.foreign.MemorySegment;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** A weight matrix in native memory, row-major, as stored. */
record CpuMatrix(int out, int in, DType dtype, MemorySegment data, Tensor tensor)
    implements Matrix {

  static CpuMatrix of(Tensor tensor) {
    if (tensor.shape().rank() != 2) {
      throw new IllegalArgumentException("not a matrix: " + tensor);
    }
    return new CpuMatrix(
        Math.toIntExact(tensor.shape().size(0)),
        Math.toIntExact(tensor.shape().size(1)),
        tensor.dtype(),
        tensor.data(),
        tensor);
  }

  /**
   * The memory of one row. Offsets from a row's own beginning are what the compiler can prove to be
   * within bounds ahead of a loop.
   */
  MemorySegment row(int row) {
    long bytes = dtype.bytes(in);
    return data.asSlice(row * bytes, bytes);
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
