package rwkv.engine.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import rwkv.engine.tensor.DType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a {@code .safetensors} file, checked entry by entry; whether the entries cover
 * the data is the reader's matter.
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {

  /** What the format allows. */
  static final int MAX_BYTES = 100_000_000;

  static final String METADATA = "__metadata__";

  /** Names are mostly unique, so a shared symbol table would only be something to attack. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .build();

  /**
   * @param begin first byte, counted from the end of the header
   * @param end one past the last; {@code end - begin} is what type and sizes ask for
   */
  record Entry(String name, DType dtype, List<Long> sizes, long begin, long end) {}

  static SafetensorsHeader parse(MappedFile file, byte[] header) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), decode(header))) {
      return new SafetensorsHeaderParser(file, json).header();
    } catch (JacksonException e) {
      throw file.problem(
          "the safetensors header is not well-formed JSON: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw file.problem("the safetensors header is not UTF-8 text", e);
    }
  }

  private static String decode(byte[] header) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
  }
}
