package rwkv.engine.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The entries between a GGUF file's counts and its list of tensors: a key, a type and a value each.
 * Single values are kept as text; of arrays only the vocabulary, and others where they are short.
 */
final class GgufMetadata {

  static final String ALIGNMENT = "general.alignment";
  private static final String TOKENS = "tokenizer.ggml.tokens";

  private static final List<GgufValueType> TYPES = List.of(GgufValueType.values());

  private static final int DEFAULT_ALIGNMENT = 32;
  private static final long LARGEST_ALIGNMENT = 1 << 20;
  private static final int LONGEST_KEY = 1000;
  private static final int DEEPEST_ARRAY = 4;
  private static final int SHORT_ARRAY = 16;
  private static final int SHORT_TEXT = 100;

  /** Twice the largest vocabularies that there are; names of tokens are short. */
  private static final int MOST_TOKENS = 1 << 19;

  private static final int LONGEST_TOKEN = 10_000;
  private static final long MOST_TOKEN_BYTES = 1 << 24;

  private final MappedFile file;
  private final FileCursor in;
  private final MetadataTable entries;
  private final List<String> vocabulary = new ArrayList<>();
  private long alignment = DEFAULT_ALIGNMENT;

  private GgufMetadata(MappedFile file, FileCursor in) {
    this.file = file;
    this.in = in;
    this.entries = new MetadataTable(file);
  }

  /** Reads {@code count} entries from where {@code in} stands. */
  static GgufMetadata read(MappedFile file, FileCursor in, long count) {
    GgufMetadata metadata = new GgufMetadata(file, in);
    for (long i = 0; i < count; i++) {
      metadata.readEntry(i);
    }
    return metadata;
  }

  Map<String, String> entries() {
    return entries.entries();
  }

  /** By token id; empty where there is none. */
  List<String> vocabulary() {
    return vocabulary;
  }

  /** Every tensor's data begins at a multiple of this many bytes. */
  long alignment() {
    return alignment;
  }

  private void readEntry(long index) {
    String unnamed = "metadata entry " + index;
    String key = in.text(in.i8(unnamed), LONGEST_KEY, unnamed);
    String owner = "metadata entry " + Quote.name(key);
    GgufValueType type = type(owner);
    switch (key) {
      case ALIGNMENT -> readAlignment(owner, type);
      case TOKENS -> readVocabulary(owner, type);
      default -> entries.put(key, value(owner, type));
    }
  }

  private GgufValueType type(String owner) {
    long number = in.u4(owner);
    if (number >= TYPES.size()) {
      throw file.problem(owner + " has the unknown value type " + number);
    }
    return TYPES.get((int) number);
  }

  private void readAlignment(String owner, GgufValueType type) {
    if (type != GgufValueType.U32) {
      throw file.problem(owner + " should be a whole number of type U32, found " + type);
    }
    alignment = in.u4(owner);
    if (Long.bitCount(alignment) != 1 || alignment > LARGEST_ALIGNMENT) {
      throw file.problem(
          "%s should be a power of two up to %s, found %s"
              .formatted(owner, LARGEST_ALIGNMENT, alignment));
    }
    entries.put(ALIGNMENT, String.valueOf(alignment));
  }

  private void readVocabulary(String owner, GgufValueType type) {
    GgufValueType each = type == GgufValueType.ARRAY ? type(owner) : type;
    if (type != GgufValueType.ARRAY || each != GgufValueType.TEXT) {
      throw file.problem(owner + " should be an array of texts, found " + each.plural());
    }
    long count = count(owner, each);
    entries.put(TOKENS, summary(count, each));
    if (count > MOST_TOKENS) {
      throw file.problem(owner + " has " + count + " tokens, expected at most " + MOST_TOKENS);
    }
    long first = in.position();
    for (long i = 0; i < count; i++) {
      vocabulary.add(in.text(in.i8(owner), LONGEST_TOKEN, owner));
      if (in.position() - first > MOST_TOKEN_BYTES) {
        throw file.problem(owner + " takes more than " + MOST_TOKEN_BYTES + " bytes");
      }
    }
  }

  private String value(String owner, GgufValueType type) {
    return switch (type) {
      case U8 -> String.valueOf(in.u1(owner));
      case I8 -> String.valueOf((byte) in.u1(owner));
      case U16 -> String.valueOf(in.u2(owner));
      case I16 -> String.valueOf((short) in.u2(owner));
      case U32 -> String.valueOf(in.u4(owner));
      case I32 -> String.valueOf((int) in.u4(owner));
      case F32 -> String.valueOf(Float.intBitsToFloat((int) in.u4(owner)));
      case BOOL -> String.valueOf(in.u1(owner) != 0);
      case U64 -> Long.toUnsignedString(in.i8(owner));
      case I64 -> String.valueOf(in.i8(owner));
      case F64 -> String.valueOf(Double.longBitsToDouble(in.i8(owner)));
      case TEXT -> text(owner, MetadataTable.LONGEST_TEXT);
      case ARRAY -> array(owner);
    };
  }

  /** The next text, or only how long it is. */
  private String text(String owner, int longest) {
    long length = in.i8(owner);
    if (length > longest) {
      in.take(length, owner);
      return "(text of " + length + " bytes)";
    }
    return in.text(length, longest, owner);
  }

  private String array(String owner) {
    GgufValueType each = type(owner);
    long count = count(owner, each);
    if (count > SHORT_ARRAY || each == GgufValueType.ARRAY) {
      skip(owner, each, count, 1);
      return summary(count, each);
    }
    List<String> shown = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      shown.add(each == GgufValueType.TEXT ? text(owner, SHORT_TEXT) : value(owner, each));
    }
    return shown.toString();
  }

  /** Steps over the values of an array. */
  private void skip(String owner, GgufValueType each, long count, int depth) {
    if (depth > DEEPEST_ARRAY) {
      throw file.problem(owner + " is nested more than " + DEEPEST_ARRAY + " deep");
    }
    if (each.isNumber()) {
      in.take(count * each.leastBytes(), owner);
      return;
    }
    for (long i = 0; i < count; i++) {
      if (each == GgufValueType.TEXT) {
        in.take(in.i8(owner), owner);
      } else {
        GgufValueType inner = type(owner);
        skip(owner, inner, count(owner, inner), depth + 1);
      }
    }
  }

  private long count(String owner, GgufValueType each) {
    long count = in.i8(owner);
    if (count < 0 || count > in.left() / each.leastBytes()) {
      throw file.problem(
          "%s claims %s %s where %s bytes are left; the file is incomplete or damaged"
              .formatted(owner, Long.toUnsignedString(count), each.plural(), in.left()));
    }
    return count;
  }

  private static String summary(long count, GgufValueType each) {
    return "(" + count + " " + each.plural() + ")";
  }
}
