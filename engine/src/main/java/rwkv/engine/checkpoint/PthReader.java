package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
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
  private final Map<String, MemorySegment> storages = new HashMap<>();

  /** The same by where they begin. */
  private final NavigableMap<Long, MemorySegment> places = new TreeMap<>();

  private PthReader(MappedFile file) {
    this.file = file;
    this.zip = ZipDirectory.read(file);
    this.root = root();
    this.strided = new Strided(file);
  }

  static OpenCheckpoint read(MappedFile file) {
    return new PthReader(file).read();
  }

  private OpenCheckpoint read() {
    checkByteOrder();
    PickleValue value = Unpickler.read(file, entry(PICKLE, PICKLE).bytes(file));
    StateDict state = StateDict.of(file, value);
    TensorTable table = new TensorTable(file);
    state.tensors().forEach((name, view) -> add(table, name, view));
    return OpenCheckpoint.of(file, FORMAT, table.tensors(), state.metadata())
        .withSavedAs(root.isEmpty() ? "" : root.substring(0, root.length() - 1));
  }

  private void add(TensorTable table, String name, View view) {
    DType dtype = view.storage().type().dtype();
    TensorTable.byteSize(file, name, dtype, view.sizes());
    MemorySegment storage = storage(name, view.storage());
    table.add(name, dtype, new Shape(view.sizes()), strided.contiguous(name, view, storage));
  }

  private MemorySegment storage(String tensor, Storage storage) {
    String owner = "tensor " + Quote.name(tensor);
    MemorySegment bytes = storage("data/" + storage.key(), owner);
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

  /** The bytes of a storage's entry, which share none with another's. */
  private MemorySegment storage(String name, String owner) {
    MemorySegment known = storages.get(name);
    if (known != null) {
      return known;
    }
    MemorySegment bytes = entry(name, owner).bytes(file);
    storages.put(name, bytes);
    if (bytes.byteSize() > 0) {
      Map.Entry<Long, MemorySegment> before = places.lowerEntry(end(bytes));
      if (before != null && end(before.getValue()) > bytes.address()) {
        throw file.problem(owner + " has data that overlap another's in the zip archive");
      }
      places.put(bytes.address(), bytes);
    }
    return bytes;
  }

  private static long end(MemorySegment bytes) {
    return bytes.address() + bytes.byteSize();
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
