package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON files of strangers: how much of them is read, and what is said where they are wrong. */
final class Json {

  /** The largest file that is read, in bytes; that of GPT-NeoX has 2.5 million. */
  static final int MAX_FILE = 32 << 20;

  // Room for 250,000 tokens and their merges.
  private static final int MOST_VALUES = 2_000_000;
  private static final int DEEPEST = 32;
  private static final int LONGEST_TEXT = 64 << 10;
  private static final int LONGEST_SHOWN = 40;

  /** Control characters, line separators, and marks that turn the direction of text. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Json() {}

  /** Names are mostly unique, so a shared symbol table would only be something to attack. */
  static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxDocumentLength(MAX_FILE)
                .maxTokenCount(MOST_VALUES)
                .maxNestingDepth(DEEPEST)
                .maxStringLength(LONGEST_TEXT)
                .maxNameLength(LONGEST_TEXT)
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
        .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
        .build();
  }

  /**
   * Reads a whole file.
   *
   * @throws IOException if it cannot be read, is too large or is no JSON; the message names it
   */
  static JsonNode read(Path file) throws IOException {
    // Not Files.size alone: a file that is no regular one (a pipe, a device) may never end.
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": expected a tokenizer's JSON, found no such file");
    }
    long size = Files.size(file);
    if (size > MAX_FILE) {
      throw new IOException(
          "%s: expected a tokenizer of at most %d bytes, found %d".formatted(file, MAX_FILE, size));
    }
    try {
      return JsonMapper.builder(factory()).build().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new IOException(
          "%s, line %d: expected a tokenizer's JSON: ".formatted(file, Math.max(1, line))
              + quote(e.getOriginalMessage(), 200),
          e);
    }
  }

  /**
   * Part of an object.
   *
   * @param where what the object is called in messages; empty for the file itself
   * @return null where it is absent or null
   * @throws IllegalArgumentException if this is no object
   */
  static @Nullable JsonNode field(JsonNode object, String where, String name) {
    if (!object.isObject()) {
      throw problem(where.isEmpty() ? "the file" : where, "an object", object);
    }
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** Part of an object that must be there. */
  static JsonNode required(JsonNode object, String where, String name) {
    JsonNode value = field(object, where, name);
    if (value == null) {
      throw new IllegalArgumentException("expected " + path(where, name) + ", found none");
    }
    return value;
  }

  /** Text that must be there. */
  static String text(JsonNode object, String where, String name) {
    JsonNode value = required(object, where, name);
    if (!value.isString()) {
      throw problem(path(where, name), "text", value);
    }
    return value.stringValue();
  }

  /** True or false, and what is meant where it is absent. */
  static boolean flag(JsonNode object, String where, String name, boolean otherwise) {
    JsonNode value = field(object, where, name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw problem(path(where, name), "true or false", value);
    }
    return value.booleanValue();
  }

  /** A token's number. */
  static int id(String what, JsonNode value) {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 0
        || value.intValue() > VocabularyEntry.MAX_ID) {
      throw problem(what, "an id from 0 to " + VocabularyEntry.MAX_ID, value);
    }
    return value.intValue();
  }

  static IllegalArgumentException problem(String what, String expected, JsonNode found) {
    return new IllegalArgumentException(
        "%s: expected %s, found %s".formatted(what, expected, shown(found)));
  }

  private static String shown(JsonNode value) {
    if (value.isObject()) {
      return "an object";
    }
    if (value.isArray()) {
      return "a list";
    }
    return value.isMissingNode() ? "nothing" : quote(value.toString(), LONGEST_SHOWN);
  }

  /** Text of the file in quotes, fit for a message of one line. */
  static String quote(String text) {
    return "'" + quote(text, LONGEST_SHOWN) + "'";
  }

  private static String quote(@Nullable String text, int longest) {
    String whole = String.valueOf(text);
    String shown = whole.length() <= longest ? whole : whole.substring(0, longest) + "...";
    return UNPRINTABLE.matcher(shown).replaceAll("?");
  }

  private static String path(String where, String name) {
    return where.isEmpty() ? name : where + "." + name;
  }
}
