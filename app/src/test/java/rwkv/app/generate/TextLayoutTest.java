package rwkv.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rwkv.app.generate.TextLayout.Run;

/** Every character is one wide here. */
class TextLayoutTest {

  private static TextLayout lay(double width, String... tokens) {
    TextLayout layout = new TextLayout(String::length);
    layout.reset(width);
    int start = 0;
    for (int i = 0; i < tokens.length; i++) {
      layout.append(i, start, tokens[i]);
      start += tokens[i].length();
    }
    return layout;
  }

  private static List<String> lines(TextLayout layout) {
    return IntStream.range(0, layout.lines())
        .mapToObj(line ->
            layout.line(line).stream()
                .map(run -> run.newline() ? "/" : run.text())
                .collect(Collectors.joining()))
        .toList();
  }

  @Test
  void wordsWrapAsAWhole() {
    assertEquals(List.of("the ", "garden ", "is"), lines(lay(7, "the", " garden", " is")));
  }

  @Test
  void aWordOfSeveralTokensStaysTogether() {
    assertEquals(List.of("a ", "garden"), lines(lay(7, "a", " gar", "den")));
    assertEquals(List.of("a ", "garden"), lines(lay(6, "a", " g", "ar", "den")));
  }

  @Test
  void aWordLongerThanALineBreaks() {
    assertEquals(List.of("abcd", "efgh", "ij k"), lines(lay(4, "abcdefghij", " k")));
  }

  @Test
  void lineFeedsBreak() {
    assertEquals(List.of("a/", "/", "b"), lines(lay(9, "a\n", "\nb")));
  }

  @Test
  void tokensAreFoundByLine() {
    TextLayout layout = lay(7, "the", " garden", " is", "\n", "here");
    assertEquals(0, layout.lineOf(0));
    assertEquals(0, layout.lineOf(1));
    assertEquals(2, layout.lineOf(2) + 1 - 0);
    assertEquals(3, layout.lineOf(4));
  }

  @Test
  void nothingIsLostAndNothingSticksOut() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      String[] tokens = new String[60];
      for (int i = 0; i < tokens.length; i++) {
        StringBuilder token = new StringBuilder();
        for (int n = random.nextInt(6); n >= 0; n--) {
          token.append("abc  \n\u20ac".charAt(random.nextInt(7)));
        }
        tokens[i] = token.toString();
      }
      int width = 3 + random.nextInt(20);
      TextLayout layout = lay(width, tokens);
      StringBuilder text = new StringBuilder();
      for (int line = 0; line < layout.lines(); line++) {
        for (Run run : layout.line(line)) {
          text.append(run.newline() ? "\n" : run.text());
          assertEquals(line, run.line());
          boolean blank = run.newline() || run.text().isBlank();
          assertTrue(blank || run.right() <= width, () -> run + " in " + width);
        }
      }
      assertEquals(String.join("", tokens), text.toString());
    }
  }
}
