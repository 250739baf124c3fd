package rwkv.engine.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A vocabulary as llama.cpp's RWKV tokenizer reads it: every token is the inside of a Python bytes
 * literal, and has a kind.
 *
 * @param tokens by token id
 */
public record GgufVocabulary(List<String> tokens) {

  private static final String END_OF_TEXT = "<s>";
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int UNUSED = 5;

  public GgufVocabulary {
    tokens = List.copyOf(tokens);
  }

  /** Tokens of these bytes; ids without bytes become the end of text, if it is 0, or padding. */
  public static GgufVocabulary of(int size, IntFunction<byte[]> bytes) {
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < size; id++) {
      byte[] token = bytes.apply(id);
      if (token.length > 0) {
        tokens.add(literal(token));
      } else {
        tokens.add(id == 0 ? END_OF_TEXT : padding(id));
      }
    }
    return new GgufVocabulary(tokens);
  }

  /** Tokens that say nothing, for a model whose vocabulary is not at hand. */
  public static GgufVocabulary placeholders(int size) {
    return of(size, _ -> new byte[0]);
  }

  /** With padding up to a model's size. */
  GgufVocabulary padded(int size) {
    List<String> all = new ArrayList<>(tokens);
    for (int id = all.size(); id < size; id++) {
      all.add(padding(id));
    }
    return new GgufVocabulary(all);
  }

  /** llama.cpp's kinds of tokens, by token id. */
  List<Integer> kinds() {
    List<Integer> kinds = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      if (id == 0 && token.equals(END_OF_TEXT)) {
        kinds.add(CONTROL);
      } else {
        kinds.add(token.equals(padding(id)) ? UNUSED : NORMAL);
      }
    }
    return kinds;
  }

  /** Whether turns of a chat end with token 261, as in the World vocabulary. */
  boolean isWorld() {
    return tokens.size() > 261 && tokens.get(261).equals("\\n\\n");
  }

  private static String padding(int id) {
    return "[PAD" + id + "]";
  }

  /** The inside of what Python's {@code repr} writes. */
  static String literal(byte[] bytes) {
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean escapesQuote = latin.contains("'") && latin.contains("\"");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < latin.length(); i++) {
      char c = latin.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\'' -> text.append(escapesQuote ? "\\'" : "'");
        default -> {
          if (c < ' ' || c > '~') {
            text.append(String.format("\\x%02x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.toString();
  }
}
