package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.plugin.RandomText;
import rwkv.plugin.TestSeed;

class PythonLiteralTest {

  static Stream<Arguments> literals() {
    return Stream.of(
        Arguments.of("'a'", "61"),
        Arguments.of("\"a\"", "61"),
        Arguments.of("''", ""),
        Arguments.of("b''", ""),
        Arguments.of("' '", "20"),
        Arguments.of("'\"'", "22"),
        Arguments.of("\"'\"", "27"),
        Arguments.of("'\\''", "27"),
        Arguments.of("'\\\"'", "22"),
        Arguments.of("'\\'\"'", "2722"),
        Arguments.of("'\\\\'", "5c"),
        Arguments.of("'\\\\\\\\'", "5c5c"),
        Arguments.of("'\\\\n'", "5c6e"),
        Arguments.of("'\\n\\r\\t'", "0a0d09"),
        Arguments.of("'\\x00'", "00"),
        Arguments.of("'\\x7f'", "7f"),
        Arguments.of("'\\xe9'", "c3a9"),
        Arguments.of("b'\\xe9'", "e9"),
        Arguments.of("b'\\xE4\\xbD'", "e4bd"),
        Arguments.of("b\"'\"", "27"),
        Arguments.of("'\\u4f60'", "e4bda0"),
        Arguments.of("'\\ufeff'", "efbbbf"),
        Arguments.of("'\\ufffd'", "efbfbd"),
        Arguments.of("'\\U0001F600'", "f09f9880"),
        Arguments.of("'\\U0010ffff'", "f48fbfbf"),
        Arguments.of("'é你😀'", "c3a9e4bda0f09f9880"),
        Arguments.of("'\uFFFD'", "efbfbd"),
        Arguments.of("'\\x411'", "4131"),
        Arguments.of("'a b  c'", "6120622020" + "63"));
  }

  @ParameterizedTest
  @MethodSource("literals")
  void aLiteralIsWhatPythonMakesOfIt(String literal, String hex) {
    assertEquals(hex, HexFormat.of().formatHex(parse(literal)));
  }

  static Stream<String> wrong() {
    return Stream.of(
        "",
        "b",
        "'",
        "b'",
        "a",
        "'a",
        "a'",
        "'a\"",
        "\"a'",
        "'''",
        "'a'b'",
        "'''a'''",
        "'\\'",
        "'a\\'",
        "'\\\\\\'",
        "'\\q'",
        "'\\0'",
        "'\\N{BULLET}'",
        "'\\x'",
        "'\\x4'",
        "'\\x4g'",
        "'\\x-1'",
        "'\\u12'",
        "'\\u123'",
        "'\\U0001F60'",
        "'\\U00110000'",
        "'\\Uffffffff'",
        "'\\ud800'",
        "'\\udfff'",
        "'\\ud83d\\ude00'",
        "b'\\u4f60'",
        "b'\\U0001F600'",
        "b'é'",
        "B'a'",
        "r'a'",
        "u'a'",
        "bb'a'",
        "b a'");
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatReprDoesNotWriteIsRefused(String literal) {
    assertThrows(IllegalArgumentException.class, () -> parse(literal));
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedInATextLiteral() {
    for (String hex : new String[] {"80", "c3", "c341", "eda080", "f8808080", "ff"}) {
      byte[] source = HexFormat.of().parseHex("27" + hex + "27");
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> PythonLiteral.parse(source, 0, source.length));
      assertEquals("the literal is not valid UTF-8", error.getMessage());
    }
  }

  @Test
  void anythingComesBackFromTheLiteralThatReprWouldWrite() {
    Random random = TestSeed.random(getClass().getName());
    for (int round = 0; round < 3000; round++) {
      byte[] token = new byte[random.nextInt(12)];
      random.nextBytes(token);
      if (random.nextBoolean()) {
        token = RandomText.unicode(random, random.nextInt(12)).getBytes(UTF_8);
      }
      assertArrayEquals(token, parse(VocabularyFiles.literal(token)));
    }
  }

  private static byte[] parse(String literal) {
    byte[] source = ("<" + literal + ">").getBytes(UTF_8);
    return PythonLiteral.parse(source, 1, source.length - 1);
  }
}
