package rwkv.engine.tensor;

/**
 * How the numbers of a tensor are stored, little-endian: one by one, or quantised in blocks along
 * the innermost dimension (see {@link Blocks}).
 */
public enum DType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1),
  /** 32 numbers: a scale and signed bytes. */
  Q8_0(32, 34),
  /** 32 numbers: a scale and 4 bits each. */
  Q4_0(32, 18),
  /** 32 numbers: a scale, a minimum and 4 bits each. */
  Q4_1(32, 20),
  /** 32 numbers: a scale and 5 bits each. */
  Q5_0(32, 22),
  /** 32 numbers: a scale, a minimum and 5 bits each. */
  Q5_1(32, 24),
  /** 256 numbers: eight runs with a scale and a minimum of 6 bits, and 4 bits each. */
  Q4_K(256, 144),
  /** 256 numbers: eight runs with a scale and a minimum of 6 bits, and 5 bits each. */
  Q5_K(256, 176),
  /** 256 numbers: sixteen runs with a scale of 8 bits, and 6 bits each. */
  Q6_K(256, 210);

  private final int blockSize;
  private final int blockBytes;

  DType(int bytes) {
    this(1, bytes);
  }

  DType(int blockSize, int blockBytes) {
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /**
   * Bytes per number.
   *
   * @throws IllegalStateException if numbers of this type are stored in blocks
   */
  public int bytes() {
    if (isQuantised()) {
      throw new IllegalStateException(this + " is stored in blocks");
    }
    return blockBytes;
  }

  /** Numbers stored together; 1 for those stored one by one. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes of a block. */
  public int blockBytes() {
    return blockBytes;
  }

  /**
   * Bytes of {@code count} numbers.
   *
   * @param count a multiple of {@link #blockSize()}
   * @throws ArithmeticException if that is more than a {@code long} can say
   */
  public long bytes(long count) {
    return Math.multiplyExact(count / blockSize, (long) blockBytes);
  }

  /** Whether numbers are stored in blocks that share scales. */
  public boolean isQuantised() {
    return blockSize > 1;
  }

  /** Whether numbers of this type are real numbers that a model can be made of. */
  public boolean isFloating() {
    return this == F64 || this == F32 || this == F16 || this == BF16 || isQuantised();
  }
}
