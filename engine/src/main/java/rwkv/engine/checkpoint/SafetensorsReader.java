package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import rwkv.engine.checkpoint.SafetensorsHeader.Entry;
import rwkv.engine.tensor.Shape;

/**
 * Reads {@code .safetensors}: eight bytes of header length, a JSON header, then the tensors' bytes.
 * The format allows neither holes nor overlaps nor anything after the last tensor, so a file that
 * has them was damaged or tampered with and is refused.
 */
final class SafetensorsReader {

  static final String FORMAT = "safetensors";

  private SafetensorsReader() {}

  static OpenCheckpoint read(MappedFile file) {
    long headerLength = file.i8(0);
    if (headerLength > SafetensorsHeader.MAX_BYTES) {
      throw file.problem(
          "the safetensors header may have at most %s bytes, found %s"
              .formatted(SafetensorsHeader.MAX_BYTES, headerLength));
    }
    if (headerLength > file.size() - 8) {
      throw file.problem(
          "the safetensors header has %s bytes, but only %s follow; the file is incomplete"
              .formatted(headerLength, file.size() - 8));
    }
    SafetensorsHeader header = SafetensorsHeader.parse(file, file.bytes().asSlice(8, headerLength));
    MemorySegment data = file.bytes().asSlice(8 + headerLength);
    checkCoverage(file, header.entries(), data.byteSize());
    TensorTable table = new TensorTable(file);
    for (Entry entry : header.entries()) {
      table.add(
          entry.name(),
          entry.dtype(),
          new Shape(entry.sizes()),
          data.asSlice(entry.begin(), entry.end() - entry.begin()));
    }
    return OpenCheckpoint.of(file, FORMAT, table.tensors(), header.metadata());
  }

  private static void checkCoverage(MappedFile file, List<Entry> entries, long dataBytes) {
    Comparator<Entry> byPlace = Comparator.comparingLong(Entry::begin);
    long next = 0;
    for (Entry entry : entries.stream().sorted(byPlace.thenComparingLong(Entry::end)).toList()) {
      String tensor = "tensor " + Quote.name(entry.name());
      if (entry.end() > dataBytes) {
        throw file.problem(
            "%s ends at byte %s of the data, but the file has only %s; it is incomplete"
                .formatted(tensor, entry.end(), dataBytes));
      }
      if (entry.begin() != next) {
        throw file.problem(
            "%s begins at byte %s of the data, expected %s where the one before it ends"
                .formatted(tensor, entry.begin(), next));
      }
      next = entry.end();
    }
    if (next != dataBytes) {
      throw file.problem(
          "the tensors take " + next + " bytes, but the file holds " + dataBytes + " for them");
    }
  }
}
