package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rwkv.engine.tensor.Tensor;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes {@code .safetensors}. The same tensors and metadata always give the same bytes: metadata
 * sorted by key, tensors in the given order, and their data with the widest numbers first, so that
 * every number lies at a multiple of its width.
 */
public final class SafetensorsWriter {

  private static final int ALIGNMENT = 8;
  private static final JsonFactory JSON = new JsonFactory();

  private SafetensorsWriter() {}

  /**
   * Writes a file whole or not at all, as {@link #writeSources} does.
   *
   * @param tensors with distinct names, in the order in which a reader is to find them
   * @param metadata free text; may be empty
   */
  public static void write(Path path, Collection<Tensor> tensors, Map<String, String> metadata) {
    writeSources(path, tensors.stream().map(TensorSource::of).toList(), metadata);
  }

  /**
   * Writes a file whole or not at all: a temporary file beside it takes its place when complete.
   * One tensor at a time is asked for its data, those with the widest numbers first.
   *
   * @param tensors with distinct names, in the order in which a reader is to find them
   * @param metadata free text; may be empty
   * @throws IllegalArgumentException if two tensors share a name, one has the reserved name {@code
   *     __metadata__}, or a text is not Unicode
   * @throws CheckpointException if a tensor is of a quantised type, which the format does not have,
   *     or the file cannot be written
   */
  public static void writeSources(
      Path path, List<TensorSource> tensors, Map<String, String> metadata) {
    refuseQuantised(path, tensors);
    Comparator<TensorSource> widestFirst =
        Comparator.comparingInt((TensorSource tensor) -> tensor.dtype().bytes()).reversed();
    List<TensorSource> layout = tensors.stream().sorted(widestFirst).toList();
    byte[] header = header(tensors, begins(layout), metadata);
    if (header.length > SafetensorsHeader.MAX_BYTES) {
      throw new CheckpointException(
          path, "would need a header of " + header.length + " bytes, more than the format allows");
    }
    AtomicFile.write(
        path,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          TensorOutput.write(channel, length.putLong(header.length).flip());
          TensorOutput.write(channel, ByteBuffer.wrap(header));
          for (TensorSource tensor : layout) {
            TensorOutput.write(channel, tensor);
          }
        });
  }

  private static void refuseQuantised(Path path, List<TensorSource> tensors) {
    for (TensorSource tensor : tensors) {
      if (tensor.dtype().isQuantised()) {
        throw new CheckpointException(
            path,
            "cannot hold tensor %s: safetensors has no quantised types; write GGUF instead"
                .formatted(tensor));
      }
    }
  }

  /** Where each tensor's data begins, counted from the end of the header. */
  private static Map<String, Long> begins(List<TensorSource> layout) {
    Map<String, Long> begins = new HashMap<>();
    long next = 0;
    for (TensorSource tensor : layout) {
      if (tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException("a tensor may not be called " + tensor.name());
      }
      if (begins.put(tensor.name(), next) != null) {
        throw new IllegalArgumentException("two tensors are called " + tensor.name());
      }
      next += tensor.bytes();
    }
    return begins;
  }

  private static byte[] header(
      List<TensorSource> tensors, Map<String, Long> begins, Map<String, String> metadata) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), header)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(SafetensorsHeader.METADATA);
        new TreeMap<>(metadata)
            .forEach((key, value) -> json.writeStringProperty(unicode(key), unicode(value)));
        json.writeEndObject();
      }
      for (TensorSource tensor : tensors) {
        writeEntry(json, tensor, begins.getOrDefault(tensor.name(), 0L));
      }
      json.writeEndObject();
    }
    while (header.size() % ALIGNMENT != 0) {
      header.write(' ');
    }
    return header.toByteArray();
  }

  private static void writeEntry(JsonGenerator json, TensorSource tensor, long begin) {
    json.writeObjectPropertyStart(unicode(tensor.name()));
    json.writeStringProperty("dtype", tensor.dtype().name());
    json.writeArrayPropertyStart("shape");
    tensor.shape().sizes().forEach(json::writeNumber);
    json.writeEndArray();
    json.writeArrayPropertyStart("data_offsets");
    json.writeNumber(begin);
    json.writeNumber(begin + tensor.bytes());
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Half a surrogate pair would become text that no reader takes. */
  private static String unicode(String text) {
    Utf8.encode(text);
    return text;
  }
}
