package rwkv.engine.checkpoint;

/** The types of a GGUF file's metadata values, in the order of their numbers. */
enum GgufValueType {
  U8(1),
  I8(1),
  U16(2),
  I16(2),
  U32(4),
  I32(4),
  F32(4),
  BOOL(1),
  TEXT(8),
  ARRAY(12),
  U64(8),
  I64(8),
  F64(8);

  private final int leastBytes;

  GgufValueType(int leastBytes) {
    this.leastBytes = leastBytes;
  }

  /** Bytes of a value: exactly so many for numbers, at least so many for texts and arrays. */
  int leastBytes() {
    return leastBytes;
  }

  boolean isNumber() {
    return this != TEXT && this != ARRAY;
  }

  /** As a file writes it. */
  int number() {
    return ordinal();
  }

  /** How messages call many of them. */
  String plural() {
    return switch (this) {
      case TEXT -> "texts";
      case ARRAY -> "arrays";
      case BOOL -> "truth values";
      default -> "numbers";
    };
  }
}
