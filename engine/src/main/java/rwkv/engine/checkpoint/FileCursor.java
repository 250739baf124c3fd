package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;

/** Reads a file forward from its first byte; never past the end, whatever lengths it claims. */
final class FileCursor {

  private final MappedFile file;
  private long next;

  FileCursor(MappedFile file) {
    this.file = file;
  }

  /** Where the next byte is read. */
  long position() {
    return next;
  }

  /** How many bytes follow. */
  long left() {
    return file.size() - next;
  }

  int u1(String owner) {
    return file.u1(take(1, owner));
  }

  int u2(String owner) {
    return file.u2(take(2, owner));
  }

  long u4(String owner) {
    return file.u4(take(4, owner));
  }

  /** Eight bytes; a value of 2^63 or more comes out negative, which no length may be. */
  long i8(String owner) {
    return file.i8(take(8, owner));
  }

  /**
   * Text of that many bytes.
   *
   * @param owner what it belongs to, for messages
   * @param longest how many bytes it may have
   */
  String text(long length, int longest, String owner) {
    if (length < 0 || length > longest) {
      throw file.problem(
          "%s has text of %s bytes, expected at most %s"
              .formatted(owner, Long.toUnsignedString(length), longest));
    }
    if (length == 0) {
      return "";
    }
    MemorySegment bytes = bytes(length, owner);
    try {
      return Utf8.decode(bytes);
    } catch (CharacterCodingException e) {
      throw file.problem(owner + " has text that is not UTF-8", e);
    }
  }

  /** The next {@code length} bytes where they lie. */
  MemorySegment bytes(long length, String owner) {
    return file.bytes().asSlice(take(length, owner), length);
  }

  /** Steps over that many bytes and says where they begin. */
  long take(long length, String owner) {
    if (length < 0 || length > left()) {
      throw file.problem(
          "%s needs %s bytes at byte %s, where %s are left; the file is incomplete or damaged"
              .formatted(owner, Long.toUnsignedString(length), next, left()));
    }
    long from = next;
    next += length;
    return from;
  }
}
