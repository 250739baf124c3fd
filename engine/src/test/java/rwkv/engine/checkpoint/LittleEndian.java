package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts bytes together for tests, numbers with their lowest byte first. */
final class LittleEndian {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LittleEndian raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  LittleEndian bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  LittleEndian u2(long value) {
    return number(2, value);
  }

  LittleEndian u4(long value) {
    return number(4, value);
  }

  LittleEndian i8(long value) {
    return number(8, value);
  }

  LittleEndian f4(float value) {
    return u4(Float.floatToRawIntBits(value));
  }

  LittleEndian f8(double value) {
    return i8(Double.doubleToRawLongBits(value));
  }

  LittleEndian utf8(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Eight bytes of length and the text, as GGUF has it. */
  LittleEndian text(String text) {
    return i8(text.getBytes(StandardCharsets.UTF_8).length).utf8(text);
  }

  /** Zeros up to a multiple of {@code alignment}. */
  LittleEndian pad(int alignment) {
    while (out.size() % alignment != 0) {
      out.write(0);
    }
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private LittleEndian number(int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >> 8 * i));
    }
    return this;
  }
}
