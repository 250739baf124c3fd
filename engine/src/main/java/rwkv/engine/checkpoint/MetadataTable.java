package rwkv.engine.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the free text of a file. What there may be is far above what any model carries and keeps
 * a hostile file from filling the heap with it.
 */
final class MetadataTable {

  static final int MAX_ENTRIES = 10_000;

  /** Longest text of one entry, in characters and, where a file counts them, in bytes. */
  static final int LONGEST_TEXT = 1 << 20;

  private static final int MAX_CHARACTERS = 4 * LONGEST_TEXT;

  private final MappedFile file;
  private final Map<String, String> entries = new LinkedHashMap<>();
  private long characters;

  MetadataTable(MappedFile file) {
    this.file = file;
  }

  void put(String key, String text) {
    if (entries.put(key, text) != null) {
      throw file.problem("metadata entry " + Quote.name(key) + " stands in the file twice");
    }
    characters += key.length() + text.length();
    if (entries.size() > MAX_ENTRIES || characters > MAX_CHARACTERS) {
      throw file.problem(
          "carries more than %s metadata entries or %s characters of them; this is no model"
              .formatted(MAX_ENTRIES, MAX_CHARACTERS));
    }
  }

  Map<String, String> entries() {
    return entries;
  }
}
