package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as files hold it. */
final class Utf8 {

  private Utf8() {}

  /**
   * Exactly the text that the bytes stand for. Names are nearly always ASCII, which takes no detour
   * over a decoder.
   *
   * @param bytes few enough for an array
   * @throws CharacterCodingException if they are not UTF-8
   */
  static String decode(MemorySegment bytes) throws CharacterCodingException {
    for (long i = 0; i < bytes.byteSize(); i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, i) < 0) {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
      }
    }
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  /**
   * The bytes of a text.
   *
   * @throws IllegalArgumentException if it has half a surrogate pair, which no reader would take
   */
  static byte[] encode(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("not Unicode text: " + Quote.name(text));
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
