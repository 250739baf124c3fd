package rwkv.engine.backend.cuda;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.tensor.DType;

/**
 * Products with weights: which kernel for how many rows of x. A few rows go to kernels that read
 * every weight once at the full width of the memory, more to the tensor cores if they take bf16,
 * and a single row whose inputs are mostly zero to one that reads only the others' weights.
 */
final class Products {

  /** Rows of x that the kernels for a few take. */
  private static final int FEW_ROWS = 8;

  /** Rows up to which tensor cores, which work on eight, would mostly multiply zeros. */
  private static final int FEW_FOR_TENSORS = 4;

  /** Rows for which there are kernels with a block for 16 outputs. */
  private static final int[] NARROW = {8, 32, 64};

  private static final int NARROW_OUTS = 16;

  /** Rows and outputs from which tiles keep a card busy. */
  private static final int MANY_ROWS = 128;

  private static final int MANY_OUTS = 1024;
  private static final int TILE = 128;
  private static final int SIMPLE_TILE = 64;

  /** What the depth of a product on tensor cores is a multiple of. */
  private static final int DEPTH = 32;

  /** Outputs of a block that passes over zeros. */
  private static final int SPARSE_OUTS = 256;

  /** Blocks that keep a card busy. */
  private static final int BLOCKS = 256;

  /** Threads of the one block that looks for them. */
  private static final int NONZERO_THREADS = 1024;

  private static final int WARP = 32;

  /** Warps of a block of the kernels for a few rows, each with outputs of its own. */
  private static final int WARPS = 4;

  private final Card card;
  private final boolean tensors;

  /** What kernels leave for the next one: split rows, or places and partial sums. */
  private CudaBuffer.@Nullable Memory scratch;

  private long scratchLength;

  Products(Card card) {
    this.card = card;
    this.tensors = card.device().capability() >= Programs.TENSOR_CORES;
  }

  /** What kernels call a type; see {@code weights.cuh}. */
  static int code(DType dtype) {
    return dtype.ordinal();
  }

  /** Leading bits of the numbers that go into a product; see {@code mma.cuh}. */
  int bits() {
    return tensors ? 16 : Float.PRECISION;
  }

  /** out ← x Wᵀ */
  void product(Buffer out, Buffer x, CudaMatrix weight) {
    int rows = x.rows();
    if (tensors && rows > FEW_FOR_TENSORS && weight.dtype() != DType.F64) {
      onTensors(out, x, weight);
    } else if (weight.byColumns()) {
      for (int row = 0; row < rows; row++) {
        overNonzeros(row(out, row), row(x, row), weight);
      }
    } else if (rows <= FEW_ROWS) {
      int outs = WARPS * outsOfWarp(weight.dtype());
      simple(rows == 1 ? "matvec_" : "matvecs_", outs, 1, WARPS * WARP, out, x, weight);
    } else {
      int down = Math.ceilDiv(rows, SIMPLE_TILE);
      simple("tiled_", SIMPLE_TILE, down, Card.THREADS, out, x, weight);
    }
  }

  /** As {@code Eights} in {@code eights.cuh} has it. */
  private static int outsOfWarp(DType dtype) {
    return switch (dtype) {
      case F64 -> 1;
      case F32, F16, BF16 -> 2;
      default -> 4;
    };
  }

  private void simple(
      String kernel, int outs, int down, int threads, Buffer out, Buffer x, CudaMatrix weight) {
    card.over(
        kernel + type(weight),
        Math.ceilDiv(weight.out(), outs),
        down,
        threads,
        out,
        x,
        weight.address(),
        x.rows(),
        weight.out(),
        weight.in());
  }

  private static String type(CudaMatrix weight) {
    return weight.dtype().name().toLowerCase(Locale.ROOT);
  }

  private void onTensors(Buffer out, Buffer x, CudaMatrix weight) {
    boolean wide = x.rows() >= MANY_ROWS && weight.out() >= MANY_OUTS;
    int side = wide ? TILE : narrowest(x.rows());
    int outs = wide ? TILE : NARROW_OUTS;
    int down = Math.ceilDiv(x.rows(), side);
    int deep = Math.ceilDiv(weight.in(), DEPTH) * DEPTH;
    int pairs = Math.multiplyExact(down * side, deep / 2);
    long high = scratch(2L * pairs);
    long low = high + (long) Float.BYTES * pairs;
    card.each("split", pairs, high, low, x, x.rows(), weight.in(), deep, pairs);
    card.over(
        (wide ? "wide_" : "narrow_" + side + "_")
            + (weight.byColumns() ? "columns_" : "")
            + type(weight),
        Math.ceilDiv(weight.out(), outs),
        down,
        Card.THREADS,
        out,
        high,
        low,
        weight.address(),
        x.rows(),
        weight.out(),
        weight.in(),
        deep);
  }

  private static int narrowest(int rows) {
    for (int side : NARROW) {
      if (rows <= side) {
        return side;
      }
    }
    return NARROW[NARROW.length - 1];
  }

  /** Reads only the weights of inputs that are not zero. */
  private void overNonzeros(long out, long x, CudaMatrix weight) {
    int across = Math.ceilDiv(weight.out(), SPARSE_OUTS);
    int most = Math.ceilDiv(weight.in(), Card.THREADS);
    int shares = Math.clamp(BLOCKS / across, 1, most);
    long count = scratch(WARP + weight.in() + (long) shares * weight.out());
    long places = count + (long) Integer.BYTES * WARP;
    long parts = places + (long) Integer.BYTES * weight.in();
    card.over("nonzeros", 1, 1, NONZERO_THREADS, places, count, x, weight.in());
    card.over(
        "sparse_" + type(weight),
        across,
        shares,
        Card.THREADS,
        parts,
        x,
        weight.address(),
        places,
        count,
        weight.out());
    card.each("sum_parts", weight.out(), out, parts, shares, weight.out());
  }

  private long scratch(long length) {
    CudaBuffer.Memory memory = scratch;
    if (memory == null || scratchLength < length) {
      memory = card.numbers(length);
      scratch = memory;
      scratchLength = length;
    }
    return memory.address();
  }

  private static long row(Buffer x, int row) {
    return ((CudaBuffer) x).address() + (long) Float.BYTES * row * x.channels();
  }
}
