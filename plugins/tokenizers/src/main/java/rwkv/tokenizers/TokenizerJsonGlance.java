package rwkv.tokenizers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Judges a {@code tokenizer.json} without reading it all: another kind of tokenizer shows in its
 * first lines, and of a byte-level BPE the ids are looked at but not the merges, which come last.
 */
final class TokenizerJsonGlance {

  /**
   * How many ids a byte-level BPE has.
   *
   * @param merged one more than the largest id that merging can make
   * @param all one more than the largest id
   */
  record Size(int merged, int all) {}

  /** Says in the middle of a file that it is not one to read on. */
  private static final class NotSuch extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final JsonParser json;
  private int largestAdded = -1;
  private int largestMerged = -1;
  private boolean byteLevel;
  private boolean addedSeen;

  private TokenizerJsonGlance(JsonParser json) {
    this.json = json;
  }

  /** Empty for a file that cannot be read or is no byte-level BPE. */
  static Optional<Size> of(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > Json.MAX_FILE) {
        return Optional.empty();
      }
      try (InputStream in = Files.newInputStream(file);
          JsonParser json = Json.factory().createParser(ObjectReadContext.empty(), in)) {
        return new TokenizerJsonGlance(json).size();
      }
    } catch (IOException | JacksonException | NotSuch e) {
      return Optional.empty();
    }
  }

  private Optional<Size> size() {
    expect(json.nextToken() == JsonToken.START_OBJECT);
    // Files as they are written have the vocabulary after all that is asked for.
    while (!(byteLevel && addedSeen && largestMerged >= 0)
        && json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "added_tokens" -> {
          addedSeen = true;
          added(value);
        }
        case "pre_tokenizer" -> preTokenizer(value);
        case "model" -> model(value);
        default -> json.skipChildren();
      }
    }
    return byteLevel && largestMerged >= 0
        ? Optional.of(new Size(largestMerged + 1, Math.max(largestMerged, largestAdded) + 1))
        : Optional.empty();
  }

  private void added(JsonToken value) {
    if (value != JsonToken.START_ARRAY) {
      expect(value == JsonToken.VALUE_NULL);
      return;
    }
    while (json.nextToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean isId = json.currentName().equals("id");
        json.nextToken();
        if (isId) {
          largestAdded = Math.max(largestAdded, id());
        } else {
          json.skipChildren();
        }
      }
    }
  }

  /** Byte-level itself, or a sequence that names it. */
  private void preTokenizer(JsonToken value) {
    expect(value == JsonToken.START_OBJECT);
    for (int depth = 1; depth > 0; ) {
      switch (json.nextToken()) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        case VALUE_STRING -> byteLevel |= json.getString().equals("ByteLevel");
        case null -> throw new NotSuch();
        default -> {}
      }
    }
    expect(byteLevel);
  }

  private void model(JsonToken value) {
    expect(value == JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken part = json.nextToken();
      if (name.equals("type")) {
        expect(part == JsonToken.VALUE_STRING && json.getString().equals("BPE"));
      } else if (name.equals("vocab")) {
        vocabulary(part);
        if (byteLevel && addedSeen) {
          return;
        }
      } else {
        json.skipChildren();
      }
    }
  }

  private void vocabulary(JsonToken value) {
    expect(value == JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      json.nextToken();
      largestMerged = Math.max(largestMerged, id());
    }
  }

  private int id() {
    expect(json.currentToken() == JsonToken.VALUE_NUMBER_INT);
    int id = json.getIntValue();
    expect(id >= 0 && id <= VocabularyEntry.MAX_ID);
    return id;
  }

  private static void expect(boolean condition) {
    if (!condition) {
      throw new NotSuch();
    }
  }
}
