package rwkv.app.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class TensorFilterTest {

  private static final TensorEntry KEY =
      TensorEntry.of(0, Tensor.of("blocks.3.att.key.weight", Shape.of(2), 1, 2));

  @ParameterizedTest
  @CsvSource({
    "3.att key, true",
    "KEY  3.att, true",
    "'', true",
    "'  ', true",
    "f32, true",
    "f32 key, true",
    "f16, false",
    "f3, false",
    "3.att value, false",
    "att.*key, false",
  })
  void everyWordMustBeInTheName(String words, boolean isPicked) {
    assertEquals(isPicked, TensorFilter.words(words).test(KEY));
  }

  @ParameterizedTest
  @CsvSource({"att.*KEY, true", "'^blocks\\.[0-3]\\.', true", "'^att', false", "'', true"})
  void anExpressionMayMatchAnywhere(String expression, boolean isPicked) {
    Predicate<TensorEntry> filter = TensorFilter.expression(expression);
    assertEquals(isPicked, filter.test(KEY));
  }

  @Test
  void aWrongExpressionIsExplainedInOneSentence() {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> TensorFilter.expression("a(b"));
    assertTrue(
        refusal.getMessage().startsWith("'a(b' is no regular expression"), refusal.getMessage());
    assertEquals(1, refusal.getMessage().lines().count());
  }
}
