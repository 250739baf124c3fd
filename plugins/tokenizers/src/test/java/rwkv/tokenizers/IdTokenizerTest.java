package rwkv.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is token ids. */
class IdTokenizerTest {

  private final IdTokenizer ids = new IdTokenizer();

  @Test
  void numbersAreTokensHoweverTheyAreSeparated() {
    assertArrayEquals(new int[] {1, 65535, 0, 7}, ids.encode(" 1 65535,0\n7 "));
    assertArrayEquals(new int[0], ids.encode("  "));
  }

  @Test
  void whatItWritesItReads() {
    int[] tokens = {3, 0, 9_999_999, 12};
    assertEquals("3 0 9999999 12 ", ids.decode(tokens));
    assertArrayEquals(tokens, ids.encode(ids.decode(tokens)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 two 3", "-1", "1.5", "99999999", "٣"})
  void anythingElseIsRefusedByName(String text) {
    String said = assertThrows(IllegalArgumentException.class, () -> ids.encode(text)).getMessage();
    assertTrue(said.contains("expected token ids") && said.contains("found '"), said);
  }
}
