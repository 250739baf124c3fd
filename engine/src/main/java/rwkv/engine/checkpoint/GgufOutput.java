package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;

/** The bytes of a GGUF header as they are put together. */
final class GgufOutput {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  GgufOutput u4(long value) {
    return little(value, 4);
  }

  GgufOutput i8(long value) {
    return little(value, 8);
  }

  /** Its length in bytes and itself. */
  GgufOutput text(String text) {
    byte[] bytes = Utf8.encode(text);
    i8(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /** A type and a value. */
  GgufOutput value(GgufValue value) {
    switch (value) {
      case GgufValue.U32(long number) -> type(GgufValueType.U32).u4(number);
      case GgufValue.I32(int number) -> type(GgufValueType.I32).u4(number);
      case GgufValue.F32(float number) -> type(GgufValueType.F32).f4(number);
      case GgufValue.Bool(boolean bool) -> type(GgufValueType.BOOL).little(bool ? 1 : 0, 1);
      case GgufValue.Text(String text) -> type(GgufValueType.TEXT).text(text);
      case GgufValue.Texts texts -> {
        array(GgufValueType.TEXT, texts.values().size());
        texts.values().forEach(this::text);
      }
      case GgufValue.I32s numbers -> {
        array(GgufValueType.I32, numbers.values().size());
        numbers.values().forEach(this::u4);
      }
      case GgufValue.F32s numbers -> {
        array(GgufValueType.F32, numbers.values().size());
        numbers.values().forEach(this::f4);
      }
    }
    return this;
  }

  /** Zeros up to a multiple of {@code alignment}. */
  byte[] padded(int alignment) {
    while (out.size() % alignment != 0) {
      out.write(0);
    }
    return out.toByteArray();
  }

  private void array(GgufValueType each, int count) {
    type(GgufValueType.ARRAY).type(each).i8(count);
  }

  private GgufOutput type(GgufValueType type) {
    return u4(type.number());
  }

  private GgufOutput f4(float value) {
    return u4(Float.floatToRawIntBits(value));
  }

  private GgufOutput little(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >> 8 * i));
    }
    return this;
  }
}
