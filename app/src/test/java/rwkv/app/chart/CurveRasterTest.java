package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveRasterTest {

  private static final int SIZE = 40;

  private final int[] pixels = new int[SIZE * SIZE];
  private final CurveRaster raster = new CurveRaster();

  CurveRasterTest() {
    raster.target(pixels, SIZE, SIZE);
    raster.clear(0);
  }

  private int green(int x, int y) {
    return pixels[y * SIZE + x] >> 8 & 255;
  }

  @Test
  void aLevelLineOnePixelThickFillsOneRow() {
    raster.curve(new double[] {0, SIZE}, new double[] {10.5, 10.5}, 0, 2, 1, 0x00FF00, 1, 0);
    for (int x = 0; x < SIZE; x++) {
      assertEquals(255, green(x, 10));
      assertEquals(0, green(x, 9));
      assertEquals(0, green(x, 11));
    }
  }

  @Test
  void betweenTwoRowsItFillsBothByHalf() {
    raster.curve(new double[] {0, SIZE}, new double[] {10, 10}, 0, 2, 1, 0x00FF00, 1, 0);
    assertEquals(127, green(20, 9), 1);
    assertEquals(127, green(20, 10), 1);
  }

  @Test
  void aSteepLineIsNotThicker() {
    raster.curve(new double[] {0, SIZE}, new double[] {0, 4 * SIZE}, 0, 2, 1, 0x00FF00, 1, 0);
    int across = 0;
    for (int x = 0; x < SIZE; x++) {
      across += green(x, 20);
    }
    // One pixel thick, cut level: √17 / 4 pixels.
    assertEquals(255 * Math.sqrt(17) / 4, across, 45);
  }

  @Test
  void aBandFillsBetweenItsBoundsAndEndsAtTheUnknown() {
    raster.band(
        new double[] {0, 20, 40},
        new double[] {10, 10, Double.NaN},
        new double[] {20, 20, Double.NaN},
        3,
        0x00FF00,
        1);
    assertEquals(255, green(5, 15));
    assertEquals(0, green(5, 9));
    assertEquals(0, green(5, 21));
    assertEquals(0, green(30, 15));
  }

  @Test
  void coloursMixByOpacity() {
    raster.clear(0x204060);
    raster.fill(0, 0, 1, 1, 0xA0C0E0, 0.5);
    assertEquals(0xFF6080A0, pixels[0]);
    assertEquals(0xFF204060, pixels[1]);
  }

  @Test
  void neverDrawsOutside() {
    Random random = Seeds.random("curve raster");
    for (int round = 0; round < 300; round++) {
      double[] xs = new double[5];
      double[] ys = new double[5];
      double x = -random.nextInt(50);
      for (int p = 0; p < xs.length; p++) {
        xs[p] = x;
        ys[p] = random.nextGaussian() * Math.pow(10, random.nextInt(6));
        x += 0.1 + random.nextInt(60);
      }
      raster.curve(xs, ys, 0, 5, 0.5 + random.nextInt(4), 0x00FF00, 0.5, random.nextInt(3));
      raster.band(xs, ys, ys, 5, 0xFF0000, 0.5);
    }
    for (int pixel : pixels) {
      assertTrue(pixel >>> 24 == 255 && (pixel & 255) == 0);
    }
  }
}
