package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SkippedViewModelTest {

  private final SkippedViewModel skipped = new SkippedViewModel();

  @Test
  void saysTheMeanAndEveryLayersShare() {
    skipped.see(new float[] {0.5f, 0.75f, 1});
    assertEquals("skipped 75 %", skipped.textProperty().get());
    String words = skipped.explanation();
    assertTrue(words.contains("layer  0  50 %"), words);
    assertTrue(words.contains("layer  2 100 %"), words);
  }

  @Test
  void keepsItsSharesWhenTheFrameIsFilledAgain() {
    float[] frame = {0.25f};
    skipped.see(frame);
    frame[0] = 1;
    assertArrayEquals(new float[] {0.25f}, skipped.sharesProperty().get());
  }

  @Test
  void showsNothingBeforeTheFirstToken() {
    skipped.see(new float[] {0.25f});
    skipped.see(new float[] {Float.NaN});
    assertEquals("", skipped.textProperty().get());
    assertEquals(0, skipped.sharesProperty().get().length);
  }
}
