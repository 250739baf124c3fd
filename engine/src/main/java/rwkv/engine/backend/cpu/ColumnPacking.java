package rwkv.engine.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import rwkv.engine.tensor.Tensor;

/** Makes a {@link ColumnMatrix} of a matrix that is stored by rows. */
final class ColumnPacking {

  /** Inputs of a piece of work. */
  private static final int INPUTS = 256;

  private final MemorySegment source;
  private final ColumnMatrix to;
  private final int rowBytes;

  private ColumnPacking(MemorySegment source, ColumnMatrix to) {
    this.source = source;
    this.to = to;
    this.rowBytes = Math.toIntExact(to.dtype().bytes(to.in()));
  }

  /** Copies a matrix; if its tensor is mapped from a file, the file's pages are given back. */
  static ColumnMatrix pack(Tensor tensor, ColumnFormat format, Arena arena, Workers workers) {
    CpuMatrix rows = CpuMatrix.of(tensor, arena);
    long blocks = rows.in() / format.block();
    long bytes = blocks * format.bytes(ColumnFormat.padded(rows.out()));
    MemorySegment memory = Pages.allocate(bytes, arena);
    ColumnMatrix columns = new ColumnMatrix(rows.out(), rows.in(), rows.dtype(), format, memory);
    ColumnPacking packing = new ColumnPacking(rows.data(), columns);
    workers.run(Math.ceilDiv(rows.in(), INPUTS), (i, slot) -> packing.piece(i * INPUTS));
    Pages.giveBack(rows.data());
    return columns;
  }

  /** The columns of some inputs. */
  private void piece(int from) {
    int step = Math.max(64, to.format().block());
    for (int column = from; column < Math.min(to.in(), from + INPUTS); column += step) {
      strip(column, Math.min(step, to.in() - column));
    }
  }

  private void strip(int column, int count) {
    int blockSize = to.format().block();
    int stride = (int) to.dtype().bytes(count);
    long at = to.dtype().bytes(column);
    byte[] rows = new byte[ColumnFormat.GROUP * stride];
    byte[] codes = new byte[ColumnFormat.GROUP * blockSize];
    int[] packed = new int[ColumnFormat.GROUP * count];
    for (int first = 0; first < to.out(); first += ColumnFormat.GROUP) {
      int there = Math.min(ColumnFormat.GROUP, to.out() - first);
      Arrays.fill(rows, there * stride, rows.length, (byte) 0);
      for (int row = 0; row < there; row++) {
        long start = (long) (first + row) * rowBytes + at;
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, start, rows, row * stride, stride);
      }
      to.format()
          .pack(
              rows, stride, count / blockSize, to.block(column), to.width(), first, codes, packed);
    }
  }
}
