package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.CpuKernels.data;
import static rwkv.engine.backend.cpu.CpuKernels.rowStart;
import static rwkv.engine.backend.cpu.GradientShapes.alike;
import static rwkv.engine.backend.cpu.GradientShapes.fits;
import static rwkv.engine.backend.cpu.GradientShapes.summed;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Shapes;

/**
 * The backward pass in f32 with the Vector API, shared out among the {@link Workers} of {@link
 * VectorKernels}. Every destination is added to row by row and by itself, so two destinations may
 * be one buffer.
 */
final class VectorGradients implements Gradients {

  /** Multiply-adds that take about as long as an exponential and what it is used in. */
  private static final int CURVE = 16;

  private final RowBlocks blocks;
  private final WeightGradients products;
  private final PerHeadGradients perHead;
  private final TrainingStep step;
  private final WkvGradients wkv;

  /**
   * @param small multiply-adds below which the calling thread works alone
   */
  VectorGradients(Workers workers, long small) {
    blocks = new RowBlocks(workers, small);
    products = new WeightGradients(new Gemm(workers, small), blocks);
    perHead = new PerHeadGradients(blocks);
    step = new TrainingStep(blocks);
    wkv = new WkvGradients(workers);
  }

  @Override
  public void product(Buffer out, Buffer x, Buffer weight, int offset, boolean swapped) {
    products.product(out, x, weight, offset, swapped);
  }

  @Override
  public void product(
      @Nullable Buffer dX,
      @Nullable Buffer dWeight,
      Buffer dOut,
      Buffer x,
      Buffer weight,
      int offset,
      boolean swapped) {
    products.product(dX, dWeight, dOut, x, weight, offset, swapped);
  }

  @Override
  public void rows(Buffer out, Buffer table, int[] tokens) {
    products.rows(out, table, tokens);
  }

  @Override
  public void embed(Buffer dTable, int[] tokens, Buffer dOut) {
    products.embed(dTable, tokens, dOut);
  }

  @Override
  public void copy(Buffer dX, Buffer dOut) {
    add(dX, null, dOut);
  }

  @Override
  public void last(Buffer dX, Buffer dOut) {
    int n = dX.channels();
    if (dOut.rows() != dX.batch() || dOut.channels() != n) {
      throw new IllegalArgumentException(
          Shapes.text(dOut) + " is no last row of " + Shapes.text(dX));
    }
    for (int b = 0; b < dX.batch(); b++) {
      Additions.plus(data(dX), ((b + 1) * dX.time() - 1) * n, data(dOut), b * n, n);
    }
  }

  @Override
  public void groupNorm(
      @Nullable Buffer dX,
      @Nullable Buffer dWeight,
      @Nullable Buffer dBias,
      Buffer dOut,
      Buffer x,
      Buffer weight,
      int heads,
      float eps) {
    perHead.groupNorm(dX, dWeight, dBias, dOut, x, weight, heads, eps);
  }

  @Override
  public void tokenShift(
      @Nullable Buffer dZ,
      @Nullable Buffer dShift,
      @Nullable Buffer dDelta,
      @Nullable Buffer dShiftAfter) {
    if (dZ != null) {
      if (dDelta != null) {
        Shapes.same(dZ, dDelta);
        blocks.run(dZ, 2, (row, sums, at, room) -> tokenShift(dZ, dDelta, row));
      }
      if (dShiftAfter != null) {
        last(dZ, dShiftAfter);
      }
    }
    if (dShift != null && dDelta != null) {
      int n = dShift.channels();
      if (dShift.rows() != dDelta.batch() || dDelta.channels() != n) {
        throw new IllegalArgumentException(
            Shapes.text(dShift) + " is no state for " + Shapes.text(dDelta));
      }
      for (int b = 0; b < dShift.rows(); b++) {
        Additions.plus(data(dShift), b * n, data(dDelta), b * dDelta.time() * n, n);
      }
    }
  }

  private static void tokenShift(Buffer dZ, Buffer dDelta, int row) {
    int n = dZ.channels();
    Additions.minus(data(dZ), row * n, data(dDelta), row * n, n);
    if ((row + 1) % dZ.time() != 0) {
      Additions.plus(data(dZ), row * n, data(dDelta), (row + 1) * n, n);
    }
  }

  @Override
  public void mix(
      @Nullable Buffer dZ,
      @Nullable Buffer dDelta,
      @Nullable Buffer dMu,
      Buffer dOut,
      Buffer delta,
      Buffer mu) {
    alike(dOut, delta, dZ);
    add(dZ, null, dOut);
    multiply(dDelta, dMu, dOut, delta, mu);
  }

  @Override
  public void slice(Buffer dX, Buffer dOut, int from) {
    int n = dOut.channels();
    if (dOut.rows() != dX.rows() || from < 0 || from + n > dX.channels()) {
      throw new IllegalArgumentException(
          Shapes.text(dOut) + " from channel " + from + " of " + Shapes.text(dX));
    }
    blocks.run(
        dOut,
        1,
        (row, sums, at, room) ->
            Additions.plus(data(dX), row * dX.channels() + from, data(dOut), row * n, n));
  }

  @Override
  public void activate(Buffer dX, Buffer dOut, Buffer x, Buffer out, Activation f) {
    alike(dOut, dX, x, out);
    int n = dOut.channels();
    blocks.run(
        dOut,
        f == Activation.SILU ? CURVE : 2,
        (row, sums, at, room) ->
            CurveGradients.activate(data(dX), data(dOut), data(x), data(out), row * n, n, f, room));
  }

  @Override
  public void add(@Nullable Buffer dX, @Nullable Buffer dY, Buffer dOut) {
    alike(dOut, dX);
    fits(dOut, dY);
    int n = dOut.channels();
    Buffer sum = summed(dY, dOut);
    if (dX == null && dY == null) {
      return;
    }
    blocks.run(
        dOut,
        2,
        sum,
        null,
        (row, sums, at, room) -> {
          if (dX != null) {
            Additions.plus(data(dX), row * n, data(dOut), row * n, n);
          }
          if (sum != null) {
            Additions.plus(sums, at, data(dOut), row * n, n);
          } else if (dY != null) {
            Additions.plus(data(dY), row * n, data(dOut), row * n, n);
          }
        });
  }

  @Override
  public void multiply(@Nullable Buffer dX, @Nullable Buffer dY, Buffer dOut, Buffer x, Buffer y) {
    alike(dOut, x, dX);
    Shapes.same(dOut, y);
    alike(y, dY);
    int n = dOut.channels();
    Buffer sum = summed(dY, dOut);
    if (dX == null && dY == null) {
      return;
    }
    blocks.run(
        dOut,
        2,
        sum,
        null,
        (row, sums, at, room) -> {
          int i = row * n;
          if (dX != null) {
            Additions.product(data(dX), i, data(dOut), i, data(y), rowStart(y, row), n);
          }
          if (sum != null) {
            Additions.product(sums, at, data(dOut), i, data(x), i, n);
          } else if (dY != null) {
            Additions.product(data(dY), i, data(dOut), i, data(x), i, n);
          }
        });
  }

  @Override
  public void lerp(
      @Nullable Buffer dX,
      @Nullable Buffer dY,
      @Nullable Buffer dGate,
      Buffer dOut,
      Buffer x,
      Buffer y,
      Buffer gate) {
    alike(dOut, x, y, gate, dX, dY, dGate);
    int n = dOut.channels();
    blocks.run(
        dOut,
        3,
        (row, sums, at, room) -> {
          int i = row * n;
          if (dX != null) {
            Additions.complement(data(dX), data(dOut), data(gate), i, n);
          }
          if (dY != null) {
            Additions.product(data(dY), i, data(dOut), i, data(gate), i, n);
          }
          if (dGate != null) {
            Additions.difference(data(dGate), data(dOut), data(y), data(x), i, n);
          }
        });
  }

  @Override
  public void decay6(Buffer dX, Buffer dW, Buffer x, Buffer w) {
    alike(dW, dX, x, w);
    int n = dW.channels();
    blocks.run(
        dW,
        CURVE,
        (row, sums, at, room) ->
            CurveGradients.decay6(data(dX), data(dW), data(x), data(w), row * n, n, room));
  }

  @Override
  public void decay7(Buffer dX, Buffer dW, Buffer x, Buffer w) {
    alike(dW, dX, x, w);
    int n = dW.channels();
    blocks.run(
        dW,
        CURVE,
        (row, sums, at, room) ->
            CurveGradients.decay7(data(dX), data(dW), data(x), data(w), row * n, n, room));
  }

  @Override
  public void removalKey7(
      @Nullable Buffer dK,
      @Nullable Buffer dKeyScale,
      Buffer dKk,
      Buffer k,
      Buffer keyScale,
      int heads) {
    perHead.removalKey7(dK, dKeyScale, dKk, k, keyScale, heads);
  }

  @Override
  public void replacementKey7(
      @Nullable Buffer dK,
      @Nullable Buffer dA,
      @Nullable Buffer dKeyRate,
      Buffer dOut,
      Buffer k,
      Buffer a,
      Buffer keyRate) {
    perHead.replacementKey7(dK, dA, dKeyRate, dOut, k, a, keyRate);
  }

  @Override
  public void bonus7(
      @Nullable Buffer dR,
      @Nullable Buffer dK,
      @Nullable Buffer dBonus,
      @Nullable Buffer dV,
      Buffer dOut,
      Buffer r,
      Buffer k,
      Buffer bonus,
      Buffer v,
      int heads) {
    perHead.bonus7(dR, dK, dBonus, dV, dOut, r, k, bonus, v, heads);
  }

  @Override
  public void wkv4(
      @Nullable Buffer dW,
      @Nullable Buffer dU,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable State4 dBefore,
      @Nullable Buffer dY,
      @Nullable State4 dAfter,
      State4 before,
      Buffer w,
      Buffer u,
      Buffer k,
      Buffer v) {
    wkv.wkv4(dW, dU, dK, dV, dBefore, dY, dAfter, before, w, u, k, v);
  }

  @Override
  public void wkv6(
      @Nullable Buffer dR,
      @Nullable Buffer dW,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable Buffer dU,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Buffer before,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer u,
      int heads) {
    wkv.wkv6(dR, dW, dK, dV, dU, dBefore, dY, dAfter, before, r, w, k, v, u, heads);
  }

  @Override
  public void wkv7(
      Inputs7 d,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Buffer before,
      Inputs7 in,
      int heads) {
    wkv.wkv7(d, dBefore, dY, dAfter, before, in, heads);
  }

  @Override
  public double crossEntropy(
      Buffer dLogits, Buffer logits, int[] targets, float[] weights, double scale, double l2wrap) {
    return step.crossEntropy(dLogits, logits, targets, weights, scale, l2wrap);
  }

  @Override
  public double squares(Buffer x) {
    return step.squares(x);
  }

  @Override
  public void scale(Buffer x, float factor) {
    step.scale(x, factor);
  }

  @Override
  public void adam(Buffer p, Buffer m, Buffer v, Buffer g, AdamStep by) {
    step.adam(p, m, v, g, by);
  }
}
