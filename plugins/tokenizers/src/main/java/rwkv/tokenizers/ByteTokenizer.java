package rwkv.tokenizers;

import rwkv.plugin.Tokenizer;

/**
 * Every byte of the UTF-8 text is a token whose id is the byte's value. For models trained on
 * bytes, whose vocabulary has 256 entries. All of these stand for bytes that a text may hold, zero
 * too, so none is left to mean end of text.
 */
public final class ByteTokenizer implements Tokenizer {

  private static final int VALUES = 256;

  @Override
  public String name() {
    return "Bytes";
  }

  @Override
  public int vocabularySize() {
    return VALUES;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = Utf8.encode(text);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = bytes[i] & 0xFF;
    }
    return tokens;
  }

  @Override
  public byte[] bytes(int token) {
    return token >= 0 && token < VALUES ? new byte[] {(byte) token} : new byte[0];
  }

  @Override
  public int endOfText() {
    return -1;
  }
}
