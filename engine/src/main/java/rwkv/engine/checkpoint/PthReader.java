package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import rwkv.engine.checkpoint.PickleValue.Storage;
import rwkv.engine.checkpoint.PickleValue.View;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/**
 * Reads a {@code .pth} file as torch.save has written it since 1.6: a zip archive with the pickle
 * {@code data.pkl} and one entry below {@code data/} for each storage, all in one folder of any
 * name.
 */
final class PthReader {

  static final String FORMAT = "PyTorch .pth";

  private static final String PICKLE = "data.pkl";
  private static final int LONGEST_ORDER = 16;

  private final MappedFile file;
  private final ZipDirectory zip;
  private final String root;
  private final Strided strided;

  private PthReader(MappedFile file) {
    this.file = file;
    this.zip = ZipDirectory.read(file);
    this.root = root();
    this.strided = new Strided(file);
  }

  static Checkpoint read(MappedFile file) {
    return new PthReader(file).read();
  }

  private Checkpoint read() {
    checkByteOrder();
    PickleValue value = Unpickler.read(file, entry(PICKLE, PICKLE).bytes(file));
    StateDict state = StateDict.of(file, value);
    TensorTable table = new TensorTable(file);
    state.tensors().forEach((name, view) -> add(table, name, view));
    return new OpenCheckpoint(file, FORMAT, table.tensors(), state.metadata());
  }

  private void add(TensorTable table, String name, View view) {
    DType dtype = view.storage().type().dtype();
    TensorTable.byteSize(file, name, dtype, view.sizes());
    MemorySegment storage = storage(name, view.storage());
    table.add(name, dtype, new Shape(view.sizes()), strided.contiguous(name, view, storage));
  }

  private MemorySegment storage(String tensor, Storage storage) {
    String owner = "tensor " + Quote.name(tensor);
    MemorySegment bytes = entry("data/" + storage.key(), owner).bytes(file);
    int each = storage.type().dtype().bytes();
    if (storage.count() != bytes.byteSize() / each || bytes.byteSize() % each != 0) {
      throw file.problem(
          "%s lies in a storage of %s numbers of %s bytes, but entry %s has %s bytes"
              .formatted(
                  owner,
                  storage.count(),
                  each,
                  Quote.name("data/" + storage.key()),
                  bytes.byteSize()));
    }
    return bytes;
  }

  private ZipEntry entry(String name, String owner) {
    ZipEntry entry = zip.entries().get(root + name);
    if (entry == null) {
      throw file.problem(
          owner + " needs the entry " + Quote.name(root + name) + ", which the archive lacks");
    }
    return entry;
  }

  /** The folder that everything is in, with its slash; empty where there is none. */
  private String root() {
    List<String> pickles =
        zip.entries().keySet().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .toList();
    if (pickles.size() != 1) {
      throw file.problem(
          "is a zip archive with "
              + pickles.size()
              + " entries data.pkl, expected one as torch.save writes it");
    }
    String pickle = pickles.getFirst();
    return pickle.substring(0, pickle.length() - PICKLE.length());
  }

  private void checkByteOrder() {
    ZipEntry entry = zip.entries().get(root + "byteorder");
    if (entry != null) {
      MemorySegment order = entry.bytes(file);
      order = order.asSlice(0, Math.min(order.byteSize(), LONGEST_ORDER));
      String text = new String(order.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
      if (!text.equals("little")) {
        throw file.problem("has the byte order " + Quote.name(text) + ", expected little");
      }
    }
  }
}
