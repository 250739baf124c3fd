package rwkv.engine.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/**
 * Writes {@code .pth} as torch.save does: a dictionary from names to tensors, each with a storage
 * of its own, in a zip archive that is not compressed. {@code torch.load} reads it, with {@code
 * weights_only=True} too. The same tensors always give the same bytes.
 */
public final class PthWriter {

  private static final String ROOT = "archive/";

  private PthWriter() {}

  /**
   * Writes a file whole or not at all, as {@link #writeSources} does.
   *
   * @param tensors with distinct names, in the order in which a reader is to find them
   */
  public static void write(Path path, Collection<Tensor> tensors) {
    writeSources(path, tensors.stream().map(TensorSource::of).toList(), Map.of());
  }

  /**
   * Writes a file whole or not at all: a temporary file beside it takes its place when complete.
   * One tensor at a time is asked for its data, in order.
   *
   * @param tensors with distinct names, in the order in which a reader is to find them
   * @param metadata texts that stand beside the tensors; usually none, since programs that expect
   *     tensors alone may stumble over them
   * @throws IllegalArgumentException if two entries share a name or a text is not Unicode
   * @throws CheckpointException if a tensor is of a quantised type, which the format does not have,
   *     or the file cannot be written
   */
  public static void writeSources(
      Path path, List<TensorSource> tensors, Map<String, String> metadata) {
    writeSources(path, tensors, metadata, ZipOutput.WIDE);
  }

  /**
   * @param wide from which value on the archive has zip64 fields
   */
  static void writeSources(
      Path path, List<TensorSource> tensors, Map<String, String> metadata, long wide) {
    byte[] pickle = pickle(path, tensors, metadata);
    AtomicFile.write(path, channel -> write(channel, pickle, tensors, wide));
  }

  private static byte[] pickle(
      Path path, List<TensorSource> tensors, Map<String, String> metadata) {
    PickleOutput pickle = new PickleOutput();
    Set<String> names = new HashSet<>(metadata.keySet());
    for (int i = 0; i < tensors.size(); i++) {
      TensorSource tensor = tensors.get(i);
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two entries are called " + tensor.name());
      }
      pickle.tensor(tensor, type(path, tensor), String.valueOf(i));
    }
    new TreeMap<>(metadata).forEach(pickle::text);
    return pickle.end();
  }

  private static StorageType type(Path path, TensorSource tensor) {
    DType dtype = tensor.dtype();
    for (StorageType type : StorageType.values()) {
      if (type.dtype() == dtype) {
        return type;
      }
    }
    throw new CheckpointException(
        path,
        "cannot hold tensor %s: .pth has no quantised types; write GGUF instead".formatted(tensor));
  }

  private static void write(
      FileChannel channel, byte[] pickle, List<TensorSource> tensors, long wide)
      throws IOException {
    ZipOutput zip = new ZipOutput(channel, wide);
    zip.entry(ROOT + "data.pkl", pickle);
    zip.entry(ROOT + "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < tensors.size(); i++) {
      TensorSource tensor = tensors.get(i);
      zip.entry(
          ROOT + "data/" + i,
          tensor.bytes(),
          output -> TensorOutput.forEachChunk(tensor, output::write));
    }
    zip.entry(ROOT + "version", "3\n".getBytes(StandardCharsets.US_ASCII));
    zip.end();
  }
}
