package rwkv.onednn;

/** What numbers are multiplied in; sums are f32. */
enum Precision {
  /** Activations and weights are rounded to eight significant bits: what matrix units take. */
  BF16(2, 2),
  /** As they are: for tests on CPUs without matrix units. */
  F32(3, 4);

  private final int type;
  private final int bytes;

  Precision(int type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /** oneDNN's {@code dnnl_data_type_t}. */
  int type() {
    return type;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** The nearest number there is, the even one of two. */
  float round(float x) {
    if (this == F32 || !Float.isFinite(x)) {
      return x;
    }
    int bits = Float.floatToRawIntBits(x);
    int half = 0x7fff + ((bits >>> 16) & 1);
    return Float.intBitsToFloat((bits + half) & 0xffff0000);
  }
}
