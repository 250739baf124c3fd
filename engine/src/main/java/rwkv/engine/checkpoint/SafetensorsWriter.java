package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
  private static final int CHUNK = 1 << 20;
  private static final JsonFactory JSON = new JsonFactory();

  private SafetensorsWriter() {}

  /**
   * Writes a file whole or not at all: a temporary file beside it takes its place when complete. Of
   * the data, only a chunk at a time is copied.
   *
   * @param tensors with distinct names, in the order in which a reader is to find them
   * @param metadata free text; may be empty
   * @throws IllegalArgumentException if two tensors share a name, one has the reserved name {@code
   *     __metadata__}, or a text is not Unicode
   * @throws CheckpointException if the file cannot be written
   */
  public static void write(Path path, Collection<Tensor> tensors, Map<String, String> metadata) {
    Comparator<Tensor> widestFirst =
        Comparator.comparingInt((Tensor tensor) -> tensor.dtype().bytes()).reversed();
    List<Tensor> layout = tensors.stream().sorted(widestFirst).toList();
    byte[] header = header(tensors, begins(layout), metadata);
    if (header.length > SafetensorsHeader.MAX_BYTES) {
      throw new CheckpointException(
          path, "would need a header of " + header.length + " bytes, more than the format allows");
    }
    AtomicFile.write(
        path,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          writeAll(channel, length.putLong(header.length).flip());
          writeAll(channel, ByteBuffer.wrap(header));
          for (Tensor tensor : layout) {
            writeData(channel, tensor.data());
          }
        });
  }

  /** Where each tensor's data begins, counted from the end of the header. */
  private static Map<String, Long> begins(List<Tensor> layout) {
    Map<String, Long> begins = new HashMap<>();
    long next = 0;
    for (Tensor tensor : layout) {
      if (tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException("a tensor may not be called " + tensor.name());
      }
      if (begins.put(tensor.name(), next) != null) {
        throw new IllegalArgumentException("two tensors are called " + tensor.name());
      }
      next += tensor.data().byteSize();
    }
    return begins;
  }

  private static byte[] header(
      Collection<Tensor> tensors, Map<String, Long> begins, Map<String, String> metadata) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), header)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(SafetensorsHeader.METADATA);
        new TreeMap<>(metadata)
            .forEach((key, value) -> json.writeStringProperty(unicode(key), unicode(value)));
        json.writeEndObject();
      }
      for (Tensor tensor : tensors) {
        writeEntry(json, tensor, begins.getOrDefault(tensor.name(), 0L));
      }
      json.writeEndObject();
    }
    while (header.size() % ALIGNMENT != 0) {
      header.write(' ');
    }
    return header.toByteArray();
  }

  private static void writeEntry(JsonGenerator json, Tensor tensor, long begin) {
    json.writeObjectPropertyStart(unicode(tensor.name()));
    json.writeStringProperty("dtype", tensor.dtype().name());
    json.writeArrayPropertyStart("shape");
    tensor.shape().sizes().forEach(json::writeNumber);
    json.writeEndArray();
    json.writeArrayPropertyStart("data_offsets");
    json.writeNumber(begin);
    json.writeNumber(begin + tensor.data().byteSize());
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Half a surrogate pair would become text that no reader takes. */
  private static String unicode(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("not Unicode text: " + Quote.name(text));
    }
    return text;
  }

  private static void writeData(FileChannel channel, MemorySegment data) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, data.byteSize()));
    for (long at = 0; at < data.byteSize(); at += chunk.capacity()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), data.byteSize() - at));
      MemorySegment.ofBuffer(chunk).copyFrom(data.asSlice(at, chunk.limit()));
      writeAll(channel, chunk);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
