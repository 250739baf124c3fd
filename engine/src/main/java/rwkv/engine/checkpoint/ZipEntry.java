package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * One entry of a zip archive, as the central directory tells it; its place is checked when its
 * bytes are asked for.
 *
 * @param stored neither compressed nor encrypted
 * @param size in bytes; negative in a damaged file
 * @param header where its local header begins; negative in a damaged file
 * @param limit where the central directory begins, which no entry may reach into
 */
record ZipEntry(String name, boolean stored, long size, long header, long limit) {

  private static final long LOCAL_SIGNATURE = 0x04034b50L;
  private static final int LOCAL_BYTES = 30;

  MemorySegment bytes(MappedFile file) {
    if (!stored) {
      throw file.problem(
          ("zip entry %s is compressed or encrypted; torch.save stores its entries as they are,"
                  + " so save the model again")
              .formatted(Quote.name(name)));
    }
    if (header < 0 || header > limit - LOCAL_BYTES || file.u4(header) != LOCAL_SIGNATURE) {
      throw file.problem("zip entry " + Quote.name(name) + " has no local header at " + header);
    }
    int nameLength = file.u2(header + 26);
    long begin = header + LOCAL_BYTES + nameLength + file.u2(header + 28);
    if (size < 0 || begin > limit || size > limit - begin) {
      throw file.problem(
          "zip entry %s has %s bytes at %s, which lie outside the archive's %s bytes of data"
              .formatted(Quote.name(name), size, begin, limit));
    }
    MemorySegment here = file.bytes().asSlice(header + LOCAL_BYTES, nameLength);
    if (here.mismatch(MemorySegment.ofArray(name.getBytes(StandardCharsets.UTF_8))) >= 0) {
      throw file.problem(
          "zip entry " + Quote.name(name) + " has another name where its data begins");
    }
    return file.bytes().asSlice(begin, size);
  }
}
