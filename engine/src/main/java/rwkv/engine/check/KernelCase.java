package rwkv.engine.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * One kernel at one size with random input. The same case gives the same input to every backend.
 *
 * @param tolerance of a result relative to its size and to one: sums of n rounded products differ
 *     by a few ulp times √n, and products of large sums by more
 * @param body makes its input from the random source, runs the kernel and gives what it wrote
 */
public record KernelCase(String name, double tolerance, Body body) {

  /** The tolerance where products keep as many bits as these kernels': a few of the last count. */
  public double tolerance(Kernels kernels) {
    double bits = Math.scalb(4.0, -kernels.productBits());
    return name.contains("matmul") ? Math.max(tolerance, bits) : tolerance;
  }

  /** A case's input and kernel. */
  @FunctionalInterface
  public interface Body {
    List<Buffer> run(Input in);
  }

  /** Makes buffers and weights of one backend from one random source. */
  public record Input(Kernels kernels, Random random) {

    private static final int GUARD_ROWS = 2;
    static final float GUARD = -12345.5f;

    /** Random numbers; behind them lie rows that nobody may write. */
    public Buffer buffer(int batch, int time, int channels, double scale) {
      Buffer whole = kernels.buffer(1, batch * time + GUARD_ROWS, channels);
      float[] values = Normal.numbers(random, whole.length(), scale);
      Arrays.fill(values, batch * time * channels, values.length, GUARD);
      whole.write(0, values, 0, values.length);
      return whole.as(batch, time);
    }

    /** As {@link #buffer}, every number between 0 and 1. */
    public Buffer unit(int batch, int time, int channels) {
      Buffer made = buffer(batch, time, channels, 1);
      float[] values = new float[made.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat();
      }
      made.write(0, values, 0, values.length);
      return made;
    }

    /** One row of one number. */
    public Buffer constant(int channels, float value) {
      float[] values = new float[channels];
      Arrays.fill(values, value);
      return kernels.vector(Tensor.of("v", Shape.of(channels), values));
    }

    /** One row of random numbers. */
    public Buffer vector(int channels) {
      return kernels.vector(
          Tensor.of("v", Shape.of(channels), Normal.numbers(random, channels, 1)));
    }

    /** A random weight matrix of any type, numbers about {@code 1 / √columns} large. */
    public Tensor tensor(int rows, int columns, DType dtype) {
      long count = (long) rows * columns;
      MemorySegment data = Arena.ofAuto().allocate(dtype.bytes(count), 4);
      if (dtype.isQuantised()) {
        RandomBlocks.fill(data, dtype, 1 / Math.sqrt(columns), random);
      } else {
        float[] values = Normal.numbers(random, (int) count, 1 / Math.sqrt(columns));
        Quantiser.encode(dtype, values, 0, values.length, data, 0);
      }
      return new Tensor("w", dtype, Shape.of(rows, columns), data);
    }
  }

  /** The name without the sizes: a kernel and, where it has weights, their type. */
  public String kind() {
    int sizes = name.indexOf(" [");
    return sizes < 0 ? name : name.substring(0, sizes);
  }

  /** Rows after the buffer's own that were written; 0 if it kept within its bounds. */
  public static int guardsBroken(Buffer buffer) {
    int rows = buffer.rows() + Input.GUARD_ROWS;
    float[] all = buffer.as(1, rows).toArray();
    int broken = 0;
    for (int i = buffer.length(); i < all.length; i++) {
      if (all[i] != Input.GUARD) {
        broken++;
      }
    }
    return broken;
  }

  /** Every kernel at ordinary and at awkward sizes. */
  public static List<KernelCase> all() {
    List<KernelCase> cases = new ArrayList<>();
    int[][] sizes = {{1, 1, 64}, {1, 1, 1}, {2, 3, 80}, {1, 7, 129}, {3, 5, 31}, {1, 40, 256}};
    for (int[] s : sizes) {
      elementwise(cases, s[0], s[1], s[2]);
    }
    int[][] heads = {{1, 1, 1, 64}, {2, 3, 4, 8}, {1, 9, 2, 5}, {3, 2, 3, 33}, {1, 17, 6, 32}};
    for (int[] h : heads) {
      perHead(cases, h[0], h[1], h[2], h[3]);
    }
    for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
      int[][] products = {
        {1, 1, 1},
        {1, 3, 5},
        {1, 64, 64},
        {1, 67, 130},
        {2, 33, 17},
        {3, 16, 48},
        {5, 130, 257},
        {1, 513, 300},
        {16, 257, 96},
        {50, 65, 31}
      };
      for (int[] p : products) {
        product(cases, dtype, p[0], p[1], p[2]);
      }
    }
    product(cases, DType.F64, 3, 17, 70);
    for (DType dtype : DType.values()) {
      if (dtype.isQuantised()) {
        int[][] products = {
          {1, 1, 256}, {1, 3, 512}, {1, 131, 768}, {2, 33, 256}, {3, 6, 2304}, {16, 31, 512}
        };
        for (int[] p : products) {
          blockProduct(cases, dtype, p[0], p[1], p[2]);
        }
        if (dtype.blockSize() == 32) {
          blockProduct(cases, dtype, 1, 7, 32);
          blockProduct(cases, dtype, 5, 18, 544 + 96);
        }
      }
    }
    cases.addAll(TextKernelCases.all());
    return cases;
  }

  private static void elementwise(List<KernelCase> cases, int b, int t, int c) {
    String size = " [" + b + "," + t + "," + c + "]";
    cases.add(
        new KernelCase(
            "layerNorm" + size,
            1e-5,
            in -> {
              Buffer out = in.buffer(b, t, c, 1);
              Buffer x = in.buffer(b, t, c, 3);
              in.kernels.layerNorm(out, x, in.vector(c), in.vector(c), 1e-5f);
              return List.of(out);
            }));
    cases.add(
        new KernelCase(
            "tokenShift" + size,
            0,
            in -> {
              Buffer delta = in.buffer(b, t, c, 1);
              Buffer shift = in.buffer(b, 1, c, 1);
              in.kernels.tokenShift(delta, in.buffer(b, t, c, 1), shift);
              return List.of(delta, shift);
            }));
    cases.add(
        new KernelCase(
            "mix" + size,
            1e-6,
            in -> {
              Buffer out = in.buffer(b, t, c, 1);
              in.kernels.mix(out, in.buffer(b, t, c, 1), in.buffer(b, t, c, 1), in.vector(c));
              Buffer each = in.buffer(b, t, c, 1);
              in.kernels.mix(each, out, in.buffer(b, t, c, 1), each);
              return List.of(out, each);
            }));
    cases.add(
        new KernelCase(
            "slice" + size,
            0,
            in -> {
              Buffer part = in.buffer(b, t, (c + 2) / 3, 1);
              in.kernels.slice(part, in.buffer(b, t, c, 1), c - part.channels());
              return List.of(part);
            }));
    cases.add(
        new KernelCase(
            "wkv4" + size,
            1e-5,
            in -> {
              Buffer y = in.buffer(b, t, c, 1);
              Buffer numerator = in.buffer(b, 1, c, 1);
              Buffer denominator = in.unit(b, 1, c);
              in.kernels.add(denominator, denominator, in.constant(c, 0.5f));
              Buffer exponent = in.buffer(b, 1, c, 1);
              exponent.write(0, new float[] {-1e30f}, 0, 1);
              Buffer w = in.vector(c);
              in.kernels.activate(w, w, Activation.SQUARED_RELU);
              in.kernels.multiply(w, w, in.constant(c, -1));
              Buffer k = in.buffer(b, t, c, 4);
              in.kernels.wkv4(
                  y, numerator, denominator, exponent, w, in.vector(c), k, in.buffer(b, t, c, 1));
              return List.of(y, numerator, denominator, exponent);
            }));
    for (Activation f : Activation.values()) {
      cases.add(
          new KernelCase(
              f + size,
              1e-6,
              in -> {
                Buffer out = in.buffer(b, t, c, 1);
                in.kernels.activate(out, in.buffer(b, t, c, 4), f);
                return List.of(out);
              }));
    }
    cases.add(
        new KernelCase(
            "copy, add, multiply, lerp, last" + size,
            1e-5,
            in -> {
              Buffer out = in.buffer(b, t, c, 1);
              Buffer x = in.buffer(b, t, c, 1);
              in.kernels.copy(out, x);
              in.kernels.add(out, out, in.vector(c));
              in.kernels.add(out, out, in.buffer(b, t, c, 1));
              in.kernels.multiply(out, out, in.buffer(b, t, c, 1));
              in.kernels.multiply(out, out, in.vector(c));
              in.kernels.lerp(out, out, x, in.unit(b, t, c));
              Buffer end = in.buffer(b, 1, c, 1);
              in.kernels.last(end, out);
              return List.of(out, end, x);
            }));
    cases.add(
        new KernelCase(
            "decay6" + size,
            1e-6,
            in -> {
              Buffer w = in.buffer(b, t, c, 3);
              in.kernels.decay6(w, w);
              return List.of(w);
            }));
    cases.add(
        new KernelCase(
            "decay7" + size,
            1e-6,
            in -> {
              Buffer w = in.buffer(b, t, c, 5);
              in.kernels.decay7(w, w);
              return List.of(w);
            }));
    cases.add(
        new KernelCase(
            "replacementKey7" + size,
            1e-6,
            in -> {
              Buffer out = in.buffer(b, t, c, 1);
              Buffer a = in.unit(b, t, c);
              in.kernels.replacementKey7(out, in.buffer(b, t, c, 1), a, in.vector(c));
              return List.of(out);
            }));
  }

  private static void perHead(List<KernelCase> cases, int b, int t, int heads, int size) {
    int c = heads * size;
    String name = " [" + b + "," + t + "," + heads + "x" + size + "]";
    cases.add(
        new KernelCase(
            "groupNorm" + name,
            1e-5,
            in -> {
              Buffer out = in.buffer(b, t, c, 1);
              Buffer x = in.buffer(b, t, c, 2);
              in.kernels.groupNorm(out, x, in.vector(c), in.vector(c), heads, 64e-5f);
              return List.of(out);
            }));
    cases.add(
        new KernelCase(
            "removalKey7" + name,
            1e-6,
            in -> {
              Buffer kk = in.buffer(b, t, c, 1);
              Buffer k = in.buffer(b, t, c, 1);
              k.write(0, new float[size], 0, size);
              in.kernels.removalKey7(kk, k, in.vector(c), heads);
              return List.of(kk);
            }));
    cases.add(
        new KernelCase(
            "bonus7" + name,
            1e-5,
            in -> {
              Buffer x = in.buffer(b, t, c, 1);
              Buffer r = in.buffer(b, t, c, 1);
              Buffer k = in.buffer(b, t, c, 1);
              in.kernels.bonus7(x, x, r, k, in.vector(c), in.buffer(b, t, c, 1), heads);
              return List.of(x);
            }));
    for (boolean constant : new boolean[] {false, true}) {
      cases.add(
          new KernelCase(
              "wkv6" + (constant ? ", one decay for all tokens" : "") + name,
              2e-5,
              in -> {
                Buffer y = in.buffer(b, t, c, 1);
                Buffer state = in.buffer(b, 1, c * size, 1);
                Buffer r = in.buffer(b, t, c, 1);
                Buffer w = constant ? in.unit(1, 1, c) : in.unit(b, t, c);
                Buffer k = in.buffer(b, t, c, 1);
                Buffer v = in.buffer(b, t, c, 1);
                in.kernels.wkv6(y, state, r, w, k, v, in.vector(c), heads);
                return List.of(y, state);
              }));
    }
    cases.add(
        new KernelCase(
            "wkv7" + name,
            2e-5,
            in -> {
              Buffer y = in.buffer(b, t, c, 1);
              Buffer state = in.buffer(b, 1, c * size, 1);
              Buffer w = in.unit(b, t, c);
              Buffer kk = in.buffer(b, t, c, 1);
              in.kernels.removalKey7(kk, kk, in.vector(c), heads);
              Buffer r = in.buffer(b, t, c, 1);
              Buffer k = in.buffer(b, t, c, 1);
              Buffer v = in.buffer(b, t, c, 1);
              in.kernels.wkv7(y, state, r, w, k, v, kk, in.unit(b, t, c), heads);
              return List.of(y, state);
            }));
  }

  /** Blocks lie along rows, so only the width need be whole blocks. */
  private static void blockProduct(List<KernelCase> cases, DType dtype, int rows, int out, int in) {
    String size = " " + dtype + " [" + rows + "," + in + "] x [" + out + "," + in + "]";
    cases.add(
        new KernelCase(
            "matmul and embed" + size,
            2e-6,
            input -> {
              Buffer y = input.buffer(1, rows, out, 1);
              Matrix w = input.kernels.matrix(input.tensor(out, in, dtype));
              input.kernels.matmul(y, input.buffer(1, rows, in, 1), w);
              Buffer e = input.buffer(1, rows, in, 1);
              input.kernels.embed(e, w, input.random.ints(rows, 0, out).toArray());
              return List.of(y, e);
            }));
    cases.add(
        new KernelCase(
            "transposed matmul" + size,
            2e-6,
            input -> {
              Buffer x = input.buffer(1, rows, in, 1);
              Buffer y = input.buffer(1, rows, out, 1);
              Matrix w = input.kernels.transposed(input.tensor(out, in, dtype));
              input.kernels.matmul(x, y, w);
              return List.of(x);
            }));
  }

  private static void product(List<KernelCase> cases, DType dtype, int rows, int out, int in) {
    String size = " " + dtype + " [" + rows + "," + in + "] x [" + out + "," + in + "]";
    cases.add(
        new KernelCase(
            "matmul" + size,
            2e-6,
            input -> {
              Buffer y = input.buffer(1, rows, out, 1);
              Matrix w = input.kernels.matrix(input.tensor(out, in, dtype));
              input.kernels.matmul(y, input.buffer(1, rows, in, 1), w);
              return List.of(y);
            }));
    cases.add(
        new KernelCase(
            "transposed matmul and embed" + size,
            2e-6,
            input -> {
              Buffer y = input.buffer(1, rows, out, 1);
              Matrix w = input.kernels.transposed(input.tensor(in, out, dtype));
              input.kernels.matmul(y, input.buffer(1, rows, in, 1), w);
              Buffer e = input.buffer(1, rows, in, 1);
              int[] tokens = input.random.ints(rows, 0, out).toArray();
              input.kernels.embed(e, w, tokens);
              return List.of(y, e);
            }));
  }
}
