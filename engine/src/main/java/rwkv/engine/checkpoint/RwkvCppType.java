package rwkv.engine.checkpoint;

import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.DType;

/** The types of an rwkv.cpp file's tensors, in the order of their numbers. */
enum RwkvCppType {
  FP32(DType.F32),
  FP16(DType.F16),
  Q4_0(DType.Q4_0),
  Q4_1(DType.Q4_1),
  Q4_1_O(null),
  Q4_2(null),
  Q4_3(null),
  Q5_0(DType.Q5_0),
  Q5_1(DType.Q5_1),
  Q8_0(DType.Q8_0);

  private final @Nullable DType dtype;

  RwkvCppType(@Nullable DType dtype) {
    this.dtype = dtype;
  }

  /** Null for the types that rwkv.cpp itself no longer reads. */
  @Nullable DType dtype() {
    return dtype;
  }
}
