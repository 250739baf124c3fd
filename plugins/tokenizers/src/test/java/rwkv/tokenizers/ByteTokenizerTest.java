package rwkv.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerContract;

class ByteTokenizerTest extends TokenizerContract {

  @Override
  protected Tokenizer tokenizer() {
    return new ByteTokenizer();
  }

  @Test
  void tokensAreTheValuesOfTheBytes() {
    assertArrayEquals(new int[] {0, 'a', 0xC3, 0xA9}, tokenizer().encode("\0aé"));
    assertEquals("\0aé", tokenizer().decode(new int[] {0, 'a', 0xC3, 0xA9}));
  }

  @Test
  void noByteMeansEndOfText() {
    assertEquals(-1, tokenizer().endOfText());
    assertArrayEquals(new byte[] {0}, tokenizer().bytes(0));
    assertEquals(256, tokenizer().vocabularySize());
  }
}
