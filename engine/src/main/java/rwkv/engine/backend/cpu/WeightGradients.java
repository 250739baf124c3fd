package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.CpuKernels.data;
import static rwkv.engine.backend.cpu.GradientShapes.alike;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Shapes;

/** Products with weights that change at every step, and rows taken from a table of them. */
final class WeightGradients {

  /** Channels of an embedding that are one piece: whole cache lines. */
  private static final int COLUMNS = 64;

  private final Gemm gemm;
  private final RowBlocks blocks;

  WeightGradients(Gemm gemm, RowBlocks blocks) {
    this.gemm = gemm;
    this.blocks = blocks;
  }

  private static void checkProduct(Buffer out, Buffer x, Buffer weight, int offset) {
    long end = offset + (long) x.channels() * out.channels();
    if (out.rows() != x.rows() || offset < 0 || end > weight.length()) {
      throw new IllegalArgumentException(
          String.format(
              "%s from %s through numbers %d to %d of %s",
              Shapes.text(out), Shapes.text(x), offset, end, Shapes.text(weight)));
    }
  }

  /** Of {@link Gradients#product(Buffer, Buffer, Buffer, int, boolean)}. */
  void product(Buffer out, Buffer x, Buffer weight, int offset, boolean swapped) {
    checkProduct(out, x, weight, offset);
    int n = x.channels();
    int m = out.channels();
    Operand w =
        swapped
            ? Operand.columns(data(weight), offset, m)
            : Operand.rows(data(weight), offset, m, n);
    gemm.multiply(data(out), 0, Operand.rows(data(x), 0, x.rows(), n), w, n, false);
  }

  /** Of {@link Gradients#product(Buffer, Buffer, Buffer, Buffer, Buffer, int, boolean)}. */
  void product(
      @Nullable Buffer dX,
      @Nullable Buffer dWeight,
      Buffer dOut,
      Buffer x,
      Buffer weight,
      int offset,
      boolean swapped) {
    checkProduct(dOut, x, weight, offset);
    alike(x, dX);
    alike(weight, dWeight);
    int rows = x.rows();
    int n = x.channels();
    int m = dOut.channels();
    if (dX != null) {
      Operand w =
          swapped
              ? Operand.rows(data(weight), offset, n, m)
              : Operand.columns(data(weight), offset, n);
      gemm.multiply(data(dX), 0, Operand.rows(data(dOut), 0, rows, m), w, m, true);
    }
    if (dWeight != null) {
      Operand in = Operand.columns(data(x), 0, n);
      Operand out = Operand.columns(data(dOut), 0, m);
      gemm.multiply(data(dWeight), offset, swapped ? in : out, swapped ? out : in, rows, true);
    }
  }

  /** Of {@link Gradients#rows}. */
  void rows(Buffer out, Buffer table, int[] tokens) {
    checkTokens(out, table, tokens);
    int n = out.channels();
    for (int row = 0; row < tokens.length; row++) {
      System.arraycopy(data(table), tokens[row] * n, data(out), row * n, n);
    }
  }

  /** Of {@link Gradients#embed}. */
  void embed(Buffer dTable, int[] tokens, Buffer dOut) {
    checkTokens(dOut, dTable, tokens);
    int n = dOut.channels();
    blocks.run(
        Math.ceilDiv(n, COLUMNS),
        dOut.length(),
        (i, slot) -> {
          int from = i * COLUMNS;
          int count = Math.min(COLUMNS, n - from);
          for (int row = 0; row < tokens.length; row++) {
            int to = tokens[row] * n + from;
            Additions.plus(data(dTable), to, data(dOut), row * n + from, count);
          }
        });
  }

  private static void checkTokens(Buffer rows, Buffer table, int[] tokens) {
    if (tokens.length != rows.rows()) {
      throw new IllegalArgumentException(Shapes.text(rows) + " of " + tokens.length + " tokens");
    }
    for (int token : tokens) {
      if (token < 0 || (token + 1L) * rows.channels() > table.length()) {
        throw new IllegalArgumentException("token " + token + " in " + Shapes.text(table));
      }
    }
  }
}
