package rwkv.engine.train.task;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.AtomicFile;

/**
 * The tokens of a task and their bytes. Token {@value #END} ends a text and has no bytes; no two
 * that have some have the same.
 */
public final class Vocabulary {

  /** Ends a text. */
  public static final int END = 0;

  private static final int BYTES = 256;

  private final List<byte[]> tokens;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int longest;

  private Vocabulary(List<byte[]> tokens) {
    this.tokens = tokens;
    int most = 0;
    for (int id = END + 1; id < tokens.size(); id++) {
      byte[] bytes = tokens.get(id);
      if (bytes.length > 0 && ids.put(key(bytes), id) != null) {
        throw new IllegalArgumentException(
            "token %d (%s) is another token already".formatted(id, literal(bytes)));
      }
      most = Math.max(most, bytes.length);
    }
    this.longest = most;
  }

  /**
   * These tokens, from 0.
   *
   * @param tokens not to be changed any more; empty for those that stand for no text, as the first
   * @throws IllegalArgumentException if two are alike
   */
  public static Vocabulary ofTokens(List<byte[]> tokens) {
    return new Vocabulary(List.copyOf(tokens));
  }

  /**
   * The end of text and these words, from token 1.
   *
   * @throws IllegalArgumentException if one is there twice
   */
  public static Vocabulary of(List<String> words) {
    List<byte[]> tokens = new ArrayList<>();
    tokens.add(new byte[0]);
    words.forEach(word -> tokens.add(word.getBytes(StandardCharsets.UTF_8)));
    return new Vocabulary(tokens);
  }

  /**
   * The end of text, every single byte b as token b + 1, and these words.
   *
   * @throws IllegalArgumentException if a word is one byte, or there twice
   */
  public static Vocabulary ofBytesAnd(List<String> words) {
    List<byte[]> tokens = new ArrayList<>();
    tokens.add(new byte[0]);
    IntStream.range(0, BYTES).forEach(b -> tokens.add(new byte[] {(byte) b}));
    words.forEach(word -> tokens.add(word.getBytes(StandardCharsets.UTF_8)));
    return new Vocabulary(tokens);
  }

  /** How many tokens, the end of text among them. */
  public int size() {
    return tokens.size();
  }

  /** A copy of a token's bytes; none for the end of text. */
  public byte[] bytes(int token) {
    return tokens.get(token).clone();
  }

  /** The token of that text, or -1. */
  int find(String word) {
    return ids.getOrDefault(key(word.getBytes(StandardCharsets.UTF_8)), -1);
  }

  /**
   * The tokens of a text, of all that begin somewhere the longest.
   *
   * @throws IllegalArgumentException if no token begins at some place
   */
  public int[] encode(String text) {
    String bytes = key(text.getBytes(StandardCharsets.UTF_8));
    int[] found = new int[bytes.length()];
    int count = 0;
    for (int at = 0; at < bytes.length(); ) {
      int length = Math.min(longest, bytes.length() - at);
      @Nullable Integer id = ids.get(bytes.substring(at, at + length));
      while (id == null && length > 1) {
        length--;
        id = ids.get(bytes.substring(at, at + length));
      }
      if (id == null) {
        throw new IllegalArgumentException(
            "no token begins at byte %d of '%s'".formatted(at, text));
      }
      found[count++] = id;
      at += length;
    }
    return Arrays.copyOf(found, count);
  }

  /** The text of some tokens; bytes that are no UTF-8 become U+FFFD. */
  public String decode(int... tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      bytes.writeBytes(this.tokens.get(token));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * Writes it in the format of the World vocabulary, a line {@code id literal length} for every
   * token that has bytes, the literal as Python writes it. The file is replaced only when all is
   * written.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if it cannot be written
   */
  public void write(Path file) {
    StringBuilder lines = new StringBuilder();
    for (int id = END + 1; id < tokens.size(); id++) {
      byte[] bytes = tokens.get(id);
      if (bytes.length > 0) {
        lines.append(id).append(' ').append(literal(bytes)).append(' ').append(bytes.length);
        lines.append('\n');
      }
    }
    ByteBuffer text = StandardCharsets.US_ASCII.encode(lines.toString());
    AtomicFile.write(
        file,
        channel -> {
          while (text.hasRemaining()) {
            channel.write(text);
          }
        });
  }

  /** A text literal where the bytes are printable ASCII or usual white space, else one of bytes. */
  static String literal(byte[] bytes) {
    boolean ascii = true;
    boolean quote = false;
    boolean doubled = false;
    for (byte b : bytes) {
      ascii &= b >= 0;
      quote |= b == '\'';
      doubled |= b == '"';
    }
    char mark = quote && !doubled ? '"' : '\'';
    StringBuilder literal = new StringBuilder(ascii ? "" : "b").append(mark);
    for (byte b : bytes) {
      literal.append(escaped((char) (b & 0xff), mark));
    }
    return literal.append(mark).toString();
  }

  private static String escaped(char c, char mark) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\\' -> "\\\\";
      default -> {
        if (c == mark) {
          yield "\\" + c;
        }
        yield c >= ' ' && c < 0x7f ? String.valueOf(c) : "\\x%02x".formatted((int) c);
      }
    };
  }

  /** One character for each byte. */
  private static String key(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
