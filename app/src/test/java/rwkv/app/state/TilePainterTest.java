package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import rwkv.app.chart.DivergingMap;

class TilePainterTest {

  private final DivergingMap map = new DivergingMap(0xFFFFFF);
  private final TilePainter painter = new TilePainter(map);

  @Test
  void everyValueBecomesASquare() {
    float[] values = {9, 9, 1, -1, 0, 0.5f};
    int[] pixels = new int[4 * 5];
    painter.magnified(pixels, 5, 0, values, 2, 2, 2, 2, 2, 1);
    int a = map.color(1, 1);
    int b = map.color(-1, 1);
    int c = map.color(0, 1);
    int d = map.color(0.5f, 1);
    assertArrayEquals(
        new int[] {a, a, b, b, 0, a, a, b, b, 0, c, c, d, d, 0, c, c, d, d, 0}, pixels);
  }

  @Test
  void aPixelShowsTheLargestOfItsBlockWithItsSign() {
    float[] values = {
      0.1f, -0.9f, 0.2f,
      0.3f, 0.4f, 0.2f,
      0.5f, 0.1f, -0.3f
    };
    int[] pixels = new int[4];
    painter.reduced(pixels, 2, 0, values, 0, 3, 3, 2, 2, 1, 1);
    assertArrayEquals(
        new int[] {
          map.color(-0.9f, 1), map.color(0.2f, 1), map.color(0.5f, 1), map.color(-0.3f, 1)
        },
        pixels);
  }

  @Test
  void aBrokenNumberIsNeverHidden() {
    float[] values = {1, Float.NaN, 5, 2};
    assertEquals(1, TilePainter.largest(values, 0, 2, 2, 0, 0, 2, 2));
    int[] pixels = new int[1];
    painter.reduced(pixels, 1, 0, values, 0, 2, 2, 2, 2, 1, 1);
    assertEquals(DivergingMap.NOT_A_NUMBER, pixels[0]);
  }

  @Test
  void beforeAnyNumberAllIsNeutral() {
    int[] pixels = new int[4];
    painter.magnified(pixels, 2, 0, new float[4], 0, 2, 2, 1, 1, 0);
    int zero = map.step(0);
    assertArrayEquals(new int[] {zero, zero, zero, zero}, pixels);
  }

  @Test
  void fewRowsBecomeHighBands() {
    float[] values = {1, -1, 0.5f, 0};
    int[] pixels = new int[2 * 6];
    painter.magnified(pixels, 2, 0, values, 0, 2, 2, 1, 3, 1);
    int a = map.color(1, 1);
    int b = map.color(-1, 1);
    int c = map.color(0.5f, 1);
    int d = map.color(0, 1);
    assertArrayEquals(new int[] {a, b, a, b, a, b, c, d, c, d, c, d}, pixels);
  }
}
