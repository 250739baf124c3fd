package rwkv.engine.checkpoint;

/**
 * The end of a zip archive, which says where its central directory is.
 *
 * @param directoryOffset where the central directory begins
 * @param directorySize in bytes; it lies within the file
 * @param entries how many it claims to have
 */
record ZipEnd(long directoryOffset, long directorySize, long entries) {

  private static final long SIGNATURE = 0x06054b50L;
  private static final int BYTES = 22;
  private static final int LONGEST_COMMENT = 0xffff;

  private static final long LOCATOR_SIGNATURE = 0x07064b50L;
  private static final int LOCATOR_BYTES = 20;
  private static final long WIDE_SIGNATURE = 0x06064b50L;
  private static final int WIDE_BYTES = 56;

  static ZipEnd find(MappedFile file) {
    long first = Math.max(0, file.size() - BYTES - LONGEST_COMMENT);
    for (long at = file.size() - BYTES; at >= first; at--) {
      if (file.u4(at) == SIGNATURE && at + BYTES + file.u2(at + 20) == file.size()) {
        return read(file, at);
      }
    }
    throw file.problem(
        "the end of the zip archive is missing; the file is incomplete, so download or copy it"
            + " again");
  }

  private static ZipEnd read(MappedFile file, long at) {
    long locator = at - LOCATOR_BYTES;
    if (locator >= 0 && file.u4(locator) == LOCATOR_SIGNATURE) {
      long wide = file.i8(locator + 8);
      if (wide < 0 || wide > locator - WIDE_BYTES || file.u4(wide) != WIDE_SIGNATURE) {
        throw file.problem("the zip64 end of the archive is damaged");
      }
      return checked(file, file.i8(wide + 48), file.i8(wide + 40), file.i8(wide + 32), wide);
    }
    return checked(file, file.u4(at + 16), file.u4(at + 12), file.u2(at + 10), at);
  }

  private static ZipEnd checked(MappedFile file, long offset, long size, long entries, long limit) {
    if (offset < 0 || size < 0 || entries < 0 || offset > limit || size > limit - offset) {
      throw file.problem(
          "the zip archive's directory of %s bytes at %s lies outside the file"
              .formatted(size, offset));
    }
    return new ZipEnd(offset, size, entries);
  }
}
