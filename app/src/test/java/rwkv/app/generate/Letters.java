package rwkv.app.generate;

import java.nio.charset.StandardCharsets;
import rwkv.engine.session.Event;
import rwkv.engine.session.Event.Dynamics;
import rwkv.engine.session.Event.Prediction;
import rwkv.plugin.Tokenizer;

/** One token per byte; 0 ends a text; small x cannot be written. */
final class Letters implements Tokenizer {

  @Override
  public String name() {
    return "letters";
  }

  @Override
  public int vocabularySize() {
    return 256;
  }

  @Override
  public int[] encode(String text) {
    if (text.contains("x")) {
      throw new IllegalArgumentException("no token for 'x'");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = bytes[i] & 0xFF;
    }
    return tokens;
  }

  @Override
  public byte[] bytes(int token) {
    return token == 0 ? new byte[0] : new byte[] {(byte) token};
  }

  static Event.Token token(int position, int id) {
    return new Event.Token(position, id, true, Prediction.NONE, Dynamics.NONE);
  }
}
