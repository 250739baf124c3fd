package rwkv.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenTextTest {

  @Test
  void blanksCanBeSeen() {
    assertEquals("␣the⏎⇥␛", TokenText.visible(" the\n\t\u001b".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void bytesThatAreNoCharactersAreNumbers() {
    assertEquals("\\xE2\\x82", TokenText.visible(new byte[] {(byte) 0xE2, (byte) 0x82}));
  }

  @Test
  void lineFeedsStayAndControlsDoNot() {
    assertEquals("a\nb␀", TokenText.paintable("a\nb\u0000"));
    assertEquals("a\nb", TokenText.paintable("a\nb"));
  }
}
