package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;

/** The bytes of a pickle, read forward; never past the end, whatever lengths they claim. */
final class PickleInput {

  private static final ValueLayout.OfShort U2 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I4 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I8 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F8 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int LONGEST_LINE = 1000;
  private static final int LONGEST_TEXT = 1 << 20;

  private final MappedFile file;
  private final MemorySegment bytes;
  private long next;

  PickleInput(MappedFile file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** Where the next byte is read. */
  long position() {
    return next;
  }

  int u1() {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, take(1)));
  }

  int u2() {
    return Short.toUnsignedInt(bytes.get(U2, take(2)));
  }

  int i4() {
    return bytes.get(I4, take(4));
  }

  long u4() {
    return Integer.toUnsignedLong(i4());
  }

  /** Eight bytes; a value of 2^63 or more comes out negative, which no length may be. */
  long i8() {
    return bytes.get(I8, take(8));
  }

  double f8() {
    return bytes.get(F8, take(8));
  }

  /** A little-endian two's complement number of {@code length} bytes. */
  long wholeNumber(long length) {
    if (length > 8) {
      throw problem("has a whole number of " + length + " bytes, expected at most 8");
    }
    long from = take(length);
    long value = 0;
    for (long i = length - 1; i >= 0; i--) {
      int part = bytes.get(ValueLayout.JAVA_BYTE, from + i);
      value = i == length - 1 ? part : value << 8 | Byte.toUnsignedLong((byte) part);
    }
    return value;
  }

  String text(long length) {
    MemorySegment slice = bytes.asSlice(take(length), length);
    if (length > LONGEST_TEXT) {
      throw problem("has text of " + length + " bytes, expected at most " + LONGEST_TEXT);
    }
    try {
      return Utf8.decode(slice);
    } catch (CharacterCodingException e) {
      throw problem("has text that is not UTF-8");
    }
  }

  /** Text up to the next line feed, without it. */
  String line() {
    long from = next;
    while (u1() != '\n') {
      if (next - from > LONGEST_LINE) {
        throw problem("has a name of more than " + LONGEST_LINE + " characters");
      }
    }
    long length = next - 1 - from;
    next = from;
    String line = text(length);
    next++;
    return line;
  }

  void skip(long length) {
    take(length);
  }

  CheckpointException problem(String problem) {
    return file.problem("data.pkl " + problem + " (before byte " + next + ")");
  }

  /** For what could act if it were Python that reads this. */
  CheckpointException refused(String what) {
    return problem(
        "asks to run "
            + Quote.name(what)
            + ", which no model needs: refused, nothing was executed");
  }

  private long take(long length) {
    if (length < 0 || length > bytes.byteSize() - next) {
      throw problem(
          "claims %s more bytes where %s are left"
              .formatted(Long.toUnsignedString(length), bytes.byteSize() - next));
    }
    long from = next;
    next += length;
    return from;
  }
}
