package rwkv.app.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import rwkv.plugin.Tokenizer;

/** Every byte, token 0 for the end of a text, and from 257 on the words it is given. */
public record Words(List<String> words) implements Tokenizer {

  public static Words of(String... words) {
    return new Words(List.of(words));
  }

  @Override
  public String name() {
    return "words";
  }

  @Override
  public int vocabularySize() {
    return 257 + words.size();
  }

  /** The token of a word. */
  public int word(String word) {
    return 257 + words.indexOf(word);
  }

  @Override
  public int[] encode(String text) {
    List<Integer> tokens = new ArrayList<>();
    for (byte b : text.getBytes(UTF_8)) {
      tokens.add((b & 0xFF) + 1);
    }
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public byte[] bytes(int token) {
    return token == 0
        ? new byte[0]
        : token <= 256 ? new byte[] {(byte) (token - 1)} : words.get(token - 257).getBytes(UTF_8);
  }
}
