package rwkv.engine.checkpoint;

/**
 * The zip64 extra field of a directory entry: the values that are too large for the four bytes they
 * have in the entry stand here, only those, in the order size, stored size, offset.
 */
final class Zip64Fields {

  private static final int TAG = 0x0001;
  private static final long IS_HERE = 0xffff_ffffL;

  private final MappedFile file;
  private final long end;
  private long next;

  private Zip64Fields(MappedFile file, long next, long end) {
    this.file = file;
    this.next = next;
    this.end = end;
  }

  /** Looks among the extra fields of an entry; all of them lie within the file. */
  static Zip64Fields find(MappedFile file, long from, int length) {
    long end = from + length;
    long field = from;
    while (end - field >= 4) {
      long fieldEnd = Math.min(end, field + 4 + file.u2(field + 2));
      if (file.u2(field) == TAG) {
        return new Zip64Fields(file, field + 4, fieldEnd);
      }
      field = fieldEnd;
    }
    return new Zip64Fields(file, end, end);
  }

  /** The value itself, or the next one here if the value says so and there is one. */
  long value(long narrow) {
    if (narrow != IS_HERE || end - next < 8) {
      return narrow;
    }
    long value = file.i8(next);
    next += 8;
    return value;
  }
}
