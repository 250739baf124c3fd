package rwkv.engine.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The central directory of a zip archive over a mapped file. PyTorch writes entries that are
 * stored, not compressed, and whose sizes stand in the central directory only; so that is where
 * they are read, and a tensor's bytes are used where they lie.
 *
 * @param entries by name, in the order of the directory
 */
record ZipDirectory(Map<String, ZipEntry> entries) {

  private static final long ENTRY_SIGNATURE = 0x02014b50L;
  private static final int ENTRY_BYTES = 46;
  private static final int LONGEST_NAME = 1000;

  /** One for each storage, and a few. */
  private static final int MAX_ENTRIES = 2 * TensorTable.MAX_TENSORS;

  static ZipDirectory read(MappedFile file) {
    ZipEnd end = ZipEnd.find(file);
    Map<String, ZipEntry> entries = new LinkedHashMap<>();
    long offset = end.directoryOffset();
    long limit = offset + end.directorySize();
    for (long i = 0; i < end.entries(); i++) {
      if (i == MAX_ENTRIES) {
        throw file.problem("the zip archive has more than " + MAX_ENTRIES + " entries");
      }
      if (limit - offset < ENTRY_BYTES || file.u4(offset) != ENTRY_SIGNATURE) {
        throw file.problem("entry " + i + " of the zip archive's directory is damaged");
      }
      int nameLength = file.u2(offset + 28);
      int extraLength = file.u2(offset + 30);
      long length = (long) ENTRY_BYTES + nameLength + extraLength + file.u2(offset + 32);
      if (length > limit - offset) {
        throw file.problem("entry " + i + " of the zip archive's directory is damaged");
      }
      if (nameLength > LONGEST_NAME) {
        throw file.problem(
            "entry %s of the zip archive has a name of %s bytes, expected at most %s"
                .formatted(i, nameLength, LONGEST_NAME));
      }
      ZipEntry entry = entry(file, offset, nameLength, extraLength, end.directoryOffset());
      if (entries.put(entry.name(), entry) != null) {
        throw file.problem("the zip archive has two entries " + Quote.name(entry.name()));
      }
      offset += length;
    }
    return new ZipDirectory(entries);
  }

  private static ZipEntry entry(
      MappedFile file, long at, int nameLength, int extraLength, long dataLimit) {
    byte[] nameBytes = file.copy(at + ENTRY_BYTES, nameLength);
    String name = new String(nameBytes, StandardCharsets.UTF_8);
    Zip64Fields wide = Zip64Fields.find(file, at + ENTRY_BYTES + nameLength, extraLength);
    long size = wide.value(file.u4(at + 24));
    long packed = wide.value(file.u4(at + 20));
    long header = wide.value(file.u4(at + 42));
    boolean encrypted = (file.u2(at + 8) & 1) != 0;
    boolean stored = file.u2(at + 10) == 0 && packed == size && !encrypted;
    return new ZipEntry(name, stored, size, header, dataLimit);
  }
}
