package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import rwkv.engine.tensor.DType;

/**
 * The JSON header of a {@code .safetensors} file, checked entry by entry; whether the entries cover
 * the data is the reader's matter.
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {

  /** What the format allows. */
  static final int MAX_BYTES = 100_000_000;

  static final String METADATA = "__metadata__";

  /**
   * @param begin first byte, counted from the end of the header
   * @param end one past the last; {@code end - begin} is what type and sizes ask for
   */
  record Entry(String name, DType dtype, List<Long> sizes, long begin, long end) {}

  static SafetensorsHeader parse(MappedFile file, MemorySegment header) {
    return Json.read(
        file,
        header,
        "the safetensors header",
        json -> new SafetensorsHeaderParser(file, json).header());
  }
}
