package rwkv.engine.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * Writes GGUF, version 3, as llama.cpp reads it: metadata and tensors in the given order, every
 * tensor's data at the next multiple of 32 bytes. What llama.cpp requires of a model's names, types
 * and metadata is the caller's matter.
 */
public final class GgufWriter {

  private static final int VERSION = 3;
  private static final int ALIGNMENT = 32;

  /** In bytes; ggml keeps names in 64 with a zero at the end. */
  private static final int LONGEST_NAME = 63;

  private GgufWriter() {}

  /**
   * Writes a file whole or not at all, as {@link #writeSources} does.
   *
   * @param tensors with distinct names, in the order in which a reader is to find them
   */
  public static void write(Path path, Collection<Tensor> tensors, Map<String, GgufValue> metadata) {
    writeSources(path, tensors.stream().map(TensorSource::of).toList(), metadata);
  }

  /**
   * Writes a file whole or not at all: a temporary file beside it takes its place when complete.
   * One tensor at a time is asked for its data.
   *
   * @param tensors with distinct names, in the order in which a reader is to find them
   * @param metadata in the order in which it is to stand in the file
   * @throws IllegalArgumentException if two tensors share a name, a text is not Unicode, or the
   *     metadata holds {@code general.alignment}, which is always 32 and need not be said
   * @throws CheckpointException if a tensor's name, rank or type is none that GGUF has, or the file
   *     cannot be written
   */
  public static void writeSources(
      Path path, List<TensorSource> tensors, Map<String, GgufValue> metadata) {
    byte[] header = header(path, tensors, metadata);
    AtomicFile.write(
        path,
        channel -> {
          TensorOutput.write(channel, ByteBuffer.wrap(header));
          for (TensorSource tensor : tensors) {
            TensorOutput.write(channel, tensor);
            TensorOutput.write(channel, ByteBuffer.allocate((int) padding(tensor.bytes())));
          }
        });
  }

  private static byte[] header(
      Path path, List<TensorSource> tensors, Map<String, GgufValue> metadata) {
    if (metadata.containsKey(GgufMetadata.ALIGNMENT)) {
      throw new IllegalArgumentException(GgufMetadata.ALIGNMENT + " is always " + ALIGNMENT);
    }
    GgufOutput out = new GgufOutput();
    out.u4(0x46554747).u4(VERSION).i8(tensors.size()).i8(metadata.size());
    metadata.forEach((key, value) -> out.text(key).value(value));
    Set<String> names = new HashSet<>();
    long next = 0;
    for (TensorSource tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two tensors are called " + tensor.name());
      }
      writeEntry(path, out, tensor, next);
      next += tensor.bytes() + padding(tensor.bytes());
    }
    return out.padded(ALIGNMENT);
  }

  private static void writeEntry(Path path, GgufOutput out, TensorSource tensor, long begin) {
    Shape shape = tensor.shape();
    @Nullable GgmlType type = GgmlType.of(tensor.dtype());
    if (type == null) {
      throw refused(path, tensor, "GGUF models have no numbers of that type");
    }
    if (shape.rank() > GgufReader.MAX_RANK) {
      throw refused(path, tensor, "GGUF has at most " + GgufReader.MAX_RANK + " dimensions");
    }
    if (Utf8.encode(tensor.name()).length > LONGEST_NAME) {
      throw refused(path, tensor, "llama.cpp takes names of at most " + LONGEST_NAME + " bytes");
    }
    out.text(tensor.name()).u4(shape.rank());
    shape.sizes().reversed().forEach(out::i8);
    out.u4(type.number()).i8(begin);
  }

  private static CheckpointException refused(Path path, TensorSource tensor, String reason) {
    return new CheckpointException(path, "cannot hold tensor " + tensor + ": " + reason);
  }

  private static long padding(long bytes) {
    return -bytes & ALIGNMENT - 1;
  }
}
