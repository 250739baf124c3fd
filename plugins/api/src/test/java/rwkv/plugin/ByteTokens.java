package rwkv.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A tokenizer for {@link SmallModel}: end of text, then every byte. */
public final class ByteTokens implements Tokenizer {

  @Override
  public String name() {
    return "Bytes";
  }

  @Override
  public int vocabularySize() {
    return SmallModel.VOCABULARY;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = 1 + (bytes[i] & 0xFF);
    }
    return tokens;
  }

  @Override
  public byte[] bytes(int token) {
    return token < 1 || token >= vocabularySize() ? new byte[0] : new byte[] {(byte) (token - 1)};
  }
}
