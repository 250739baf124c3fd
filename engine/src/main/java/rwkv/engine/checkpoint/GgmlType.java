package rwkv.engine.checkpoint;

import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.DType;

/** The types of a GGUF file's tensors by ggml's names and in the order of its numbers. */
enum GgmlType {
  F32(DType.F32),
  F16(DType.F16),
  Q4_0(DType.Q4_0),
  Q4_1(DType.Q4_1),
  Q4_2,
  Q4_3,
  Q5_0(DType.Q5_0),
  Q5_1(DType.Q5_1),
  Q8_0(DType.Q8_0),
  Q8_1,
  Q2_K,
  Q3_K,
  Q4_K(DType.Q4_K),
  Q5_K(DType.Q5_K),
  Q6_K(DType.Q6_K),
  Q8_K,
  IQ2_XXS,
  IQ2_XS,
  IQ3_XXS,
  IQ1_S,
  IQ4_NL,
  IQ3_S,
  IQ2_S,
  IQ4_XS,
  I8,
  I16,
  I32,
  I64,
  F64,
  IQ1_M,
  BF16(DType.BF16),
  Q4_0_4_4,
  Q4_0_4_8,
  Q4_0_8_8,
  TQ1_0,
  TQ2_0,
  IQ4_NL_4_4,
  IQ4_NL_4_8,
  IQ4_NL_8_8,
  MXFP4,
  NVFP4,
  Q1_0,
  Q2_0;

  private final @Nullable DType dtype;

  GgmlType() {
    this.dtype = null;
  }

  GgmlType(DType dtype) {
    this.dtype = dtype;
  }

  /** Null where numbers of this type are not read here. */
  @Nullable DType dtype() {
    return dtype;
  }

  /** As a file writes it. */
  int number() {
    return ordinal();
  }

  /** The type of that number as a person calls it. */
  static String title(long number) {
    return number >= 0 && number < values().length
        ? values()[(int) number].name()
        : "type " + number;
  }

  /** The type of that number; null if it is unknown or not read here. */
  static @Nullable DType read(long number) {
    return number >= 0 && number < values().length ? values()[(int) number].dtype : null;
  }

  /** Null if GGUF files do not hold that type. */
  static @Nullable GgmlType of(DType dtype) {
    for (GgmlType type : values()) {
      if (type.dtype == dtype) {
        return type;
      }
    }
    return null;
  }
}
