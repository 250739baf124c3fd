package rwkv.engine.checkpoint;

import rwkv.engine.tensor.DType;

/** PyTorch's names for the types of stored numbers. */
enum StorageType implements PickleValue {
  DOUBLE("torch.DoubleStorage", DType.F64),
  FLOAT("torch.FloatStorage", DType.F32),
  HALF("torch.HalfStorage", DType.F16),
  BFLOAT16("torch.BFloat16Storage", DType.BF16),
  LONG("torch.LongStorage", DType.I64),
  INT("torch.IntStorage", DType.I32),
  SHORT("torch.ShortStorage", DType.I16),
  CHAR("torch.CharStorage", DType.I8),
  BYTE("torch.ByteStorage", DType.U8),
  BOOL("torch.BoolStorage", DType.BOOL);

  private final String global;
  private final DType dtype;

  StorageType(String global, DType dtype) {
    this.global = global;
    this.dtype = dtype;
  }

  /** As in {@code torch.BFloat16Storage}. */
  String global() {
    return global;
  }

  DType dtype() {
    return dtype;
  }

  @Override
  public String kind() {
    return "the storage type " + global;
  }
}
