package rwkv.app.chart;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntConsumer;

/** Rough costs of the hot paths, printed: {@code PictureCost}. A benchmark for the eye, no test. */
public final class PictureCost {

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private PictureCost() {}

  public static void main(String[] arguments) {
    Random random = new Random(1);
    DivergingMap map = new DivergingMap(0xFFFFFF);
    float[] values = new float[2048 * 1536];
    int[] pixels = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    measure("colour 4x4x32x32 values", round -> color(map, values, pixels, 4 * 4 * 32 * 32));
    measure("colour 2048x1536 values", round -> color(map, values, pixels, values.length));
    CurveRaster raster = new CurveRaster();
    raster.target(new int[900 * 400], 900, 400);
    double[] xs = new double[60];
    double[][] ys = new double[64][60];
    for (int p = 0; p < 60; p++) {
      xs[p] = p * 900 / 59.0;
      for (int j = 0; j < 64; j++) {
        ys[j][p] = 400 * (1 - Math.exp(-Math.exp((xs[p] - 300 - 5 * j) / 100)));
      }
    }
    measure(
        "64 curves on 900x400",
        round -> {
          raster.clear(0xFFFFFF);
          for (double[] y : ys) {
            raster.curve(xs, y, 0, 60, 1, 0x336699, 0.75, 0);
          }
        });
  }

  private static void color(DivergingMap map, float[] values, int[] pixels, int count) {
    float gain = DivergingMap.STEPS / 3f;
    for (int i = 0; i < count; i++) {
      pixels[i] = map.colorOf(values[i], gain);
    }
  }

  /** Prints the median of many rounds, in time of this thread on a processor. */
  public static void measure(String what, IntConsumer work) {
    long[] times = new long[201];
    for (int warm = 0; warm < 100; warm++) {
      work.accept(warm);
    }
    for (int round = 0; round < times.length; round++) {
      long start = CLOCK.getCurrentThreadCpuTime();
      work.accept(round);
      times[round] = CLOCK.getCurrentThreadCpuTime() - start;
    }
    Arrays.sort(times);
    System.out.printf("%s: %.3f ms%n", what, times[times.length / 2] / 1e6);
  }
}
