package rwkv.engine.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/**
 * Reads GGUF, versions 2 and 3, little-endian: magic and version, how many tensors and metadata
 * entries, the entries, for each tensor its name, sizes (innermost first), type and place, and
 * after that, aligned, the data. Names stay as llama.cpp has them.
 */
final class GgufReader {

  static final String FORMAT = "GGUF";

  /** As in ggml. */
  static final int MAX_RANK = 4;

  private static final int LONGEST_NAME = 1000;
  private static final String HEADER = "the GGUF header";

  /**
   * What the list says of a tensor.
   *
   * @param begin first byte, counted from the beginning of the data
   */
  private record Entry(String name, DType dtype, Shape shape, long begin, long bytes) {}

  private final MappedFile file;
  private final FileCursor in;

  private GgufReader(MappedFile file) {
    this.file = file;
    this.in = new FileCursor(file);
  }

  static OpenCheckpoint read(MappedFile file) {
    return new GgufReader(file).read();
  }

  private OpenCheckpoint read() {
    in.take(4, HEADER);
    checkVersion(in.u4(HEADER));
    long tensors = count("tensors", TensorTable.MAX_TENSORS);
    long entries = count("metadata entries", MetadataTable.MAX_ENTRIES);
    GgufMetadata metadata = GgufMetadata.read(file, in, entries);
    refusePart(metadata.entries().getOrDefault("split.count", "1"));
    List<Entry> list = new ArrayList<>();
    for (long i = 0; i < tensors; i++) {
      list.add(readEntry(i));
    }
    long alignment = metadata.alignment();
    long data = (in.position() + alignment - 1) / alignment * alignment;
    checkPlaces(list, Math.max(0, file.size() - data), alignment);
    TensorTable table = new TensorTable(file);
    for (Entry entry : list) {
      // An empty tensor's place may be anywhere.
      long begin = entry.bytes() == 0 ? 0 : data + entry.begin();
      table.add(
          entry.name(), entry.dtype(), entry.shape(), file.bytes().asSlice(begin, entry.bytes()));
    }
    return OpenCheckpoint.of(file, FORMAT, table.tensors(), metadata.entries())
        .withVocabulary(metadata.vocabulary());
  }

  private void checkVersion(long version) {
    if (version != 0 && (version & 0xffff) == 0) {
      throw file.problem("is a big-endian GGUF file; convert the model again on an ordinary PC");
    }
    if (version != 2 && version != 3) {
      throw file.problem(
          "has GGUF version %s, expected 2 or 3; convert the model again".formatted(version));
    }
  }

  private void refusePart(String parts) {
    if (!parts.equals("0") && !parts.equals("1")) {
      throw file.problem(
          "is one of %s parts of a GGUF model; join them with llama-gguf-split --merge"
              .formatted(Quote.name(parts)));
    }
  }

  private long count(String what, int most) {
    long count = in.i8(HEADER);
    if (count < 0 || count > most) {
      throw file.problem(
          "the GGUF header claims %s %s, expected at most %s"
              .formatted(Long.toUnsignedString(count), what, most));
    }
    return count;
  }

  private Entry readEntry(long index) {
    String unnamed = "the list's tensor " + index;
    String name = in.text(in.i8(unnamed), LONGEST_NAME, unnamed);
    String owner = "tensor " + Quote.name(name);
    long rank = in.u4(owner);
    if (rank > MAX_RANK) {
      throw file.problem("%s has %s dimensions, expected at most 4".formatted(owner, rank));
    }
    List<Long> sizes = new ArrayList<>();
    for (long i = 0; i < rank; i++) {
      sizes.addFirst(in.i8(owner));
    }
    DType dtype = type(owner, in.u4(owner));
    long bytes = TensorTable.byteSize(file, name, dtype, sizes);
    return new Entry(name, dtype, new Shape(sizes), in.i8(owner), bytes);
  }

  private DType type(String owner, long number) {
    @Nullable DType dtype = GgmlType.read(number);
    if (dtype == null) {
      throw file.problem(
          ("%s is stored as %s, which cannot be read; quantise the model as Q8_0, Q6_K, Q5_K, Q4_K"
                  + " or as one of the older types of 4 and 5 bits")
              .formatted(owner, GgmlType.title(number)));
    }
    return dtype;
  }

  private void checkPlaces(List<Entry> list, long dataBytes, long alignment) {
    Comparator<Entry> byPlace = Comparator.comparingLong(Entry::begin);
    long next = 0;
    String before = "";
    for (Entry entry : list.stream().sorted(byPlace.thenComparingLong(Entry::bytes)).toList()) {
      String owner = "tensor " + Quote.name(entry.name());
      if (entry.begin() < 0 || entry.begin() % alignment != 0) {
        throw file.problem(
            "%s begins at byte %s of the data, expected a multiple of %s"
                .formatted(owner, Long.toUnsignedString(entry.begin()), alignment));
      }
      if (entry.begin() > dataBytes || entry.bytes() > dataBytes - entry.begin()) {
        throw file.problem(
            "%s has %s bytes at byte %s of the data, but the file has only %s; it is incomplete"
                .formatted(owner, entry.bytes(), entry.begin(), dataBytes));
      }
      if (entry.begin() < next) {
        throw file.problem(
            "%s begins at byte %s of the data, within tensor %s, which ends at %s"
                .formatted(owner, entry.begin(), Quote.name(before), next));
      }
      next = entry.begin() + entry.bytes();
      before = entry.name();
    }
  }
}
