package rwkv.engine.convert;

import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/**
 * Which type a tensor of a GGUF file has, by llama.cpp's rules: vectors, mixing weights and the
 * low-rank matrices of decays stay F32; other low-rank matrices are never quantised; of quantised
 * models the head has more bits; rows that are not whole blocks take a type of smaller blocks, or
 * F16.
 */
public final class GgufTypes {

  private GgufTypes() {}

  /**
   * @param name as in {@code blk.0.time_mix_key.weight}
   * @param wanted what the model's matrices are wanted in
   */
  public static DType of(String name, Shape shape, DType wanted) {
    String rest = name.replaceFirst("^blk\\.\\d+\\.", "");
    boolean vector = shape.rank() < 2 || rest.contains("lerp") || rest.contains("first");
    if (vector || rest.matches("time_mix_(decay_)?w[12]\\.weight")) {
      return DType.F32;
    }
    if (!wanted.isQuantised()) {
      return wanted;
    }
    if (rest.matches("time_mix_[avg][12]\\.weight")) {
      return DType.F16;
    }
    DType type = wanted;
    if (rest.equals("output.weight") && wanted != DType.Q8_0) {
      type = DType.Q6_K;
    }
    return fitting(type, shape.size(shape.rank() - 1));
  }

  private static DType fitting(DType type, long row) {
    if (row % type.blockSize() == 0) {
      return type;
    }
    return switch (type) {
      case Q4_K -> fitting(DType.Q5_0, row);
      case Q5_K -> fitting(DType.Q5_1, row);
      case Q6_K -> fitting(DType.Q8_0, row);
      default -> DType.F16;
    };
  }

  /** llama.cpp's number for files that are mostly of a type. */
  static int fileType(DType mostly) {
    return switch (mostly) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q8_0 -> 7;
      case Q5_0 -> 8;
      case Q5_1 -> 9;
      case Q4_K -> 14;
      case Q5_K -> 16;
      case Q6_K -> 18;
      case BF16 -> 32;
      default -> throw new IllegalArgumentException("GGUF models are not stored as " + mostly);
    };
  }
}
