package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/**
 * Reads rwkv.cpp's {@code .bin}, versions 100 and 101, little-endian: a header of six numbers, then
 * one tensor after the other to the end of the file, each with its own header. Nothing says how
 * many there are. Names and values stay as rwkv.cpp's converter has left them.
 */
final class RwkvCppReader {

  static final String FORMAT = "rwkv.cpp .bin";

  private static final int OLD_VERSION = 100;
  private static final int VERSION = 101;
  private static final int MAX_RANK = 3;
  private static final int LONGEST_NAME = 1000;
  private static final String HEADER = "the rwkv.cpp header";

  private final MappedFile file;
  private final FileCursor in;
  private final MetadataTable metadata;
  private long version;

  private RwkvCppReader(MappedFile file) {
    this.file = file;
    this.in = new FileCursor(file);
    this.metadata = new MetadataTable(file);
  }

  static OpenCheckpoint read(MappedFile file) {
    return new RwkvCppReader(file).read();
  }

  private OpenCheckpoint read() {
    in.take(4, HEADER);
    version = in.u4(HEADER);
    if (version != OLD_VERSION && version != VERSION) {
      throw file.problem("has rwkv.cpp version %s, expected 100 or 101".formatted(version));
    }
    put("version", version);
    put("n_vocab", in.u4(HEADER));
    put("n_embed", in.u4(HEADER));
    put("n_layer", in.u4(HEADER));
    RwkvCppType matrices = type(HEADER, in.u4(HEADER));
    dtype(HEADER, matrices);
    metadata.put("rwkv.cpp.data_type", matrices.name());
    TensorTable table = new TensorTable(file);
    while (in.left() > 0) {
      readTensor(table);
    }
    if (table.tensors().isEmpty()) {
      throw file.problem("holds no tensors after its header; the file is incomplete");
    }
    return OpenCheckpoint.of(file, FORMAT, table.tensors(), metadata.entries());
  }

  private void put(String key, long value) {
    metadata.put("rwkv.cpp." + key, String.valueOf(value));
  }

  private void readTensor(TensorTable table) {
    String unnamed = "the header of tensor " + table.tensors().size() + " of the file";
    long rank = in.u4(unnamed);
    long nameLength = in.u4(unnamed);
    long type = in.u4(unnamed);
    if (rank < 1 || rank > MAX_RANK) {
      throw file.problem("%s has %s dimensions, expected 1 to 3".formatted(unnamed, rank));
    }
    List<Long> sizes = new ArrayList<>();
    for (long i = 0; i < rank; i++) {
      sizes.addFirst(in.u4(unnamed));
    }
    String name = in.text(nameLength, LONGEST_NAME, unnamed);
    String owner = "tensor " + Quote.name(name);
    DType dtype = dtype(owner, type(owner, type));
    MemorySegment data = in.bytes(TensorTable.byteSize(file, name, dtype, sizes), owner);
    table.add(name, dtype, new Shape(sizes), data);
  }

  private RwkvCppType type(String owner, long number) {
    if (number >= RwkvCppType.values().length) {
      throw file.problem("%s has the unknown data type %s".formatted(owner, number));
    }
    return RwkvCppType.values()[(int) number];
  }

  private DType dtype(String owner, RwkvCppType type) {
    @Nullable DType dtype = type.dtype();
    if (dtype == null) {
      throw file.problem(
          "%s has the type %s, which was given up; quantise the model again, as Q5_1 for example"
              .formatted(owner, type));
    }
    if (dtype.isQuantised() && version == OLD_VERSION) {
      throw file.problem(
          ("%s has the type %s of version 100, whose layout was given up; quantise the model again"
                  + " with a newer rwkv.cpp")
              .formatted(owner, type));
    }
    return dtype;
  }
}
