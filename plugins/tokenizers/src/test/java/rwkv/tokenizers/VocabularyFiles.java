package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes vocabulary files for tests. */
final class VocabularyFiles {

  private VocabularyFiles() {}

  /** Every single byte as ids 1 to 256, then these words. */
  static List<byte[]> bytesAnd(String... words) {
    List<byte[]> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(new byte[] {(byte) b});
    }
    tokens.addAll(utf8(words));
    return tokens;
  }

  static List<byte[]> utf8(String... words) {
    return Arrays.stream(words).map(word -> word.getBytes(UTF_8)).toList();
  }

  /** A file in which the first token has id 1. */
  static Path write(Path file, List<byte[]> tokens) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      lines.append(line(i + 1, tokens.get(i)));
    }
    return Files.writeString(file, lines);
  }

  static String line(int id, byte[] token) {
    return "%d %s %d%n".formatted(id, literal(token), token.length).replace("\r", "");
  }

  /** As Python's {@code repr} writes it: text where the bytes are UTF-8, bytes otherwise. */
  static String literal(byte[] token) {
    boolean text = Utf8.isValid(token);
    StringBuilder literal = new StringBuilder(text ? "'" : "b'");
    int[] values =
        text
            ? new String(token, UTF_8).codePoints().toArray()
            : new String(token, ISO_8859_1).chars().toArray();
    for (int value : values) {
      switch (value) {
        case '\'', '\\' -> literal.append('\\').append((char) value);
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        case '\t' -> literal.append("\\t");
        default -> {
          if (value >= ' ' && value < 0x7F || text && Character.isLetter(value)) {
            literal.appendCodePoint(value);
          } else if (value < 0x100) {
            literal.append("\\x%02x".formatted(value));
          } else if (value < 0x10000) {
            literal.append("\\u%04x".formatted(value));
          } else {
            literal.append("\\U%08x".formatted(value));
          }
        }
      }
    }
    return literal.append("'").toString();
  }
}
