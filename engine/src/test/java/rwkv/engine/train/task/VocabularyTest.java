package rwkv.engine.train.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {

  @TempDir Path folder;

  private static Path sample() {
    Path start = Path.of("").toAbsolutePath();
    return Stream.iterate(start, above -> above != null, Path::getParent)
        .map(above -> above.resolve("sample-models/stories-v7/stories-v7.vocab.txt"))
        .filter(Files::exists)
        .findFirst()
        .orElseGet(() -> abort("skipped: no sample models above the working directory"));
  }

  @Test
  void storiesHaveTheVocabularyOfTheirFirstModel() throws IOException {
    Path file = folder.resolve("stories.vocab.txt");
    Tasks.named("stories").make(Map.of(), new Sizes(1, 256, 1)).vocabulary().write(file);
    assertEquals(Files.readString(sample()), Files.readString(file));
  }

  @Test
  void encodingTakesTheLongestToken() {
    Vocabulary vocabulary = Vocabulary.ofBytesAnd(List.of("ab", "abcd", " a"));
    assertArrayEquals(new int[] {258, 257, 1 + 'c', 259}, vocabulary.encode("abcdabc a"));
    assertEquals("abcdé", vocabulary.decode(vocabulary.encode("abcdé")));
    Vocabulary few = Vocabulary.of(List.of("ab"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> few.encode("abc")).getMessage();
    assertEquals("no token begins at byte 2 of 'abc'", message);
    assertThrows(IllegalArgumentException.class, () -> Vocabulary.of(List.of("a", "a")));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "it's,|\"it's\"|",
        "|say \"|,|'say \"'|",
        "|'\"|,|'\\'\"'|",
        "|a\\b|,|'a\\\\b'|",
        "é,|b'\\xc3\\xa9'|"
      })
  void literalsAreThoseOfPython(String text, String literal) {
    assertEquals(literal, Vocabulary.literal(text.getBytes(StandardCharsets.UTF_8)));
    assertEquals("'\\n\\t\\x00'", Vocabulary.literal(new byte[] {'\n', '\t', 0}));
  }
}
