package rwkv.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The plainest of tokenizers: a token is a character plus one, and 0 ends a text. */
final class CodePoints implements Tokenizer {

  @Override
  public String name() {
    return "Code points";
  }

  @Override
  public int vocabularySize() {
    return Character.MAX_CODE_POINT + 2;
  }

  @Override
  public int[] encode(String text) {
    return text.codePoints()
        .map(code -> {
          if (code >= 0xD800 && code <= 0xDFFF) {
            throw new IllegalArgumentException("no character: U+%04X".formatted(code));
          }
          return code + 1;
        })
        .toArray();
  }

  @Override
  public byte[] bytes(int token) {
    return token > 0 && token < vocabularySize()
        ? Character.toString(token - 1).getBytes(UTF_8)
        : new byte[0];
  }
}
