package rwkv.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes blocks of 256 numbers, whose runs have scales (and minima) that are small integers times a
 * scale of the block. Each run is fitted alone; then its integers are chosen, among those next to
 * the fit, by the error that they leave.
 */
final class SuperBlockEncoder {

  private static final int SIZE = 256;

  private final DType dtype;
  private final int length;
  private final RunFit[] fits;
  private final int[] scales;
  private final int[] minima;
  private final int[] quants = new int[SIZE];

  SuperBlockEncoder(DType dtype) {
    this.dtype = dtype;
    this.length = dtype == DType.Q6_K ? 16 : 32;
    this.fits = new RunFit[SIZE / length];
    this.scales = new int[fits.length];
    this.minima = new int[fits.length];
    for (int run = 0; run < fits.length; run++) {
      fits[run] = new RunFit(length, false);
    }
  }

  void encode(float[] x, int from, int count, MemorySegment to, long at) {
    long next = at;
    for (int i = from; i < from + count; i += SIZE) {
      Quantiser.checkFinite(dtype, x, i);
      if (dtype == DType.Q6_K) {
        sixBits(x, i, to, next);
      } else {
        withMinima(x, i, dtype == DType.Q4_K ? 15 : 31, to, next);
      }
      next += dtype.blockBytes();
    }
  }

  private void sixBits(float[] x, int from, MemorySegment to, long at) {
    float largest = 0;
    for (int run = 0; run < fits.length; run++) {
      fits[run].weigh(x, from + run * length);
      fits[run].symmetric(x, from + run * length, 32);
      if (Math.abs(fits[run].scale()) > Math.abs(largest)) {
        largest = fits[run].scale();
      }
    }
    float d = RunFit.nearestHalf(largest / -128);
    for (int run = 0; run < fits.length; run++) {
      int start = run * length;
      int middle = near(fits[run].scale(), d, -128, 127);
      double best = Double.POSITIVE_INFINITY;
      for (int s = Math.max(-128, middle - 1); s <= Math.min(127, middle + 1); s++) {
        double error = fits[run].error(x, from + start, d * s, -32 * (d * s), 63);
        if (error < best) {
          best = error;
          scales[run] = s;
        }
      }
      quantise(x, from, run, d * scales[run], -32 * (d * scales[run]), 63);
    }
    Quantiser.setHalf(to, at + 208, d, dtype, from);
    packSixBits(to, at);
  }

  private void withMinima(float[] x, int from, int top, MemorySegment to, long at) {
    float largest = 0;
    float lowest = 0;
    for (int run = 0; run < fits.length; run++) {
      fits[run].weigh(x, from + run * length);
      fits[run].affine(x, from + run * length, top, false);
      largest = Math.max(largest, fits[run].scale());
      lowest = Math.min(lowest, fits[run].offset());
    }
    float d = RunFit.nearestHalf(largest / 63);
    float min = RunFit.nearestHalf(-lowest / 63);
    for (int run = 0; run < fits.length; run++) {
      choose(x, from + run * length, run, d, min, top);
      quantise(x, from, run, d * scales[run], -min * minima[run], top);
    }
    Quantiser.setHalf(to, at, d, dtype, from);
    Quantiser.setHalf(to, at + 2, min, dtype, from);
    packScales(to, at + 4);
    packWithMinima(to, at + 16);
  }

  /** The integers of a run's scale and minimum. */
  private void choose(float[] x, int from, int run, float d, float min, int top) {
    int scale = near(fits[run].scale(), d, 0, 63);
    int minimum = near(-fits[run].offset(), min, 0, 63);
    double best = Double.POSITIVE_INFINITY;
    for (int s = Math.max(0, scale - 1); s <= Math.min(63, scale + 1); s++) {
      for (int m = Math.max(0, minimum - 1); m <= Math.min(63, minimum + 1); m++) {
        double error = fits[run].error(x, from, d * s, -min * m, top);
        if (error < best) {
          best = error;
          scales[run] = s;
          minima[run] = m;
        }
      }
    }
  }

  private static int near(float value, float unit, int low, int high) {
    return Math.clamp(Math.round(value * RunFit.inverse(unit)), low, high);
  }

  private void quantise(float[] x, int from, int run, float scale, float offset, int top) {
    float inverse = RunFit.inverse(scale);
    for (int i = run * length; i < (run + 1) * length; i++) {
      quants[i] = RunFit.integer((x[from + i] - offset) * inverse, top);
    }
  }

  /** Six bits each of eight scales and minima; of the last four the upper two lie apart. */
  private void packScales(MemorySegment to, long at) {
    for (int i = 0; i < 4; i++) {
      set(to, at + i, scales[i] | scales[i + 4] >> 4 << 6);
      set(to, at + 4 + i, minima[i] | minima[i + 4] >> 4 << 6);
      set(to, at + 8 + i, scales[i + 4] & 15 | (minima[i + 4] & 15) << 4);
    }
  }

  private void packWithMinima(MemorySegment to, long at) {
    long nibbles = at;
    if (dtype == DType.Q5_K) {
      for (int i = 0; i < 32; i++) {
        int bits = 0;
        for (int run = 0; run < 8; run++) {
          bits |= (quants[run * 32 + i] >> 4) << run;
        }
        set(to, at + i, bits);
      }
      nibbles += 32;
    }
    for (int i = 0; i < SIZE / 2; i++) {
      int low = i / 32 * 64 + i % 32;
      set(to, nibbles + i, quants[low] & 15 | (quants[low + 32] & 15) << 4);
    }
  }

  private void packSixBits(MemorySegment to, long at) {
    for (int half = 0; half < 2; half++) {
      int q = half * 128;
      for (int i = 0; i < 64; i++) {
        set(to, at + half * 64 + i, quants[q + i] & 15 | (quants[q + 64 + i] & 15) << 4);
      }
      for (int i = 0; i < 32; i++) {
        int bits = 0;
        for (int part = 0; part < 4; part++) {
          bits |= (quants[q + part * 32 + i] >> 4) << 2 * part;
        }
        set(to, at + 128 + half * 32 + i, bits);
      }
    }
    for (int run = 0; run < fits.length; run++) {
      set(to, at + 192 + run, scales[run]);
    }
  }

  private static void set(MemorySegment to, long at, int value) {
    to.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }
}
