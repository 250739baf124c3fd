package rwkv.engine.backend.cpu;

import java.lang.foreign.MemorySegment;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;

/** A weight matrix in native memory, kept by columns, so that a product can pass some over. */
record ColumnMatrix(int out, int in, DType dtype, ColumnFormat format, MemorySegment data)
    implements Matrix {

  /** How many outs a column has room for. */
  int width() {
    return ColumnFormat.padded(out);
  }

  /** Address of a column. */
  long column(int column) {
    return format.column(block(column), column % format.block(), width());
  }

  /** Address of the block that a column is in. */
  long block(int column) {
    return data.address() + column / format.block() * format.bytes(width());
  }
}
