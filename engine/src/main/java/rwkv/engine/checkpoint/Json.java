package rwkv.engine.checkpoint;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON in a mapped file where it lies, without copying it first. */
final class Json {

  private static final int DEEPEST = 100;

  /** A tensor takes about 20. */
  private static final int MOST_TOKENS = 25 * TensorTable.MAX_TENSORS;

  /**
   * Names are mostly unique, so a shared symbol table would only be something to attack. Texts,
   * names and tokens are capped, since each takes more memory than it has bytes.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MetadataTable.LONGEST_TEXT)
                  .maxNestingDepth(DEEPEST)
                  .maxTokenCount(MOST_TOKENS)
                  .build())
          .build();

  private Json() {}

  /**
   * Hands a parser over the text to {@code reading}.
   *
   * @param what the text is, for messages
   * @throws CheckpointException if the text is not UTF-8 or not JSON
   */
  static <T> T read(
      MappedFile file, MemorySegment text, String what, Function<JsonParser, T> reading) {
    // The default decoder would replace what is not UTF-8, and two names could become one.
    Reader reader = new InputStreamReader(new Bytes(text), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), reader)) {
      return reading.apply(json);
    } catch (JacksonException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw file.problem(what + " is not UTF-8 text", e);
      }
      throw file.problem(
          what + " is not well-formed JSON: " + Quote.text(e.getOriginalMessage()), e);
    }
  }

  /** Refuses another token than the one that must stand here. */
  static void expect(
      MappedFile file,
      @Nullable JsonToken found,
      JsonToken expected,
      String owner,
      String expectedWords) {
    if (found != expected) {
      throw file.problem(owner + " should be " + expectedWords + ", found " + found);
    }
  }

  /** The bytes of a segment, one after the other. */
  private static final class Bytes extends InputStream {

    private final MemorySegment bytes;
    private long next;

    Bytes(MemorySegment bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return next == bytes.byteSize() ? -1 : bytes.get(ValueLayout.JAVA_BYTE, next++) & 0xff;
    }

    @Override
    public int read(byte[] to, int start, int length) {
      int count = (int) Math.min(length, bytes.byteSize() - next);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, next, to, start, count);
      next += count;
      return count == 0 && length > 0 ? -1 : count;
    }
  }
}
