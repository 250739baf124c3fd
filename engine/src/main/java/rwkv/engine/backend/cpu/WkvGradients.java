package rwkv.engine.backend.cpu;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;
import rwkv.engine.backend.RecurrenceGradients.State4;
import rwkv.engine.backend.RecurrenceShapes;

/**
 * The backward passes of the recurrences, shared out among {@link Workers} by sequence and head
 * (blocks of channels for RWKV-4). What is a sum over sequences is taken per sequence in f64 and
 * added up in their order, so the bits do not depend on the number of threads.
 *
 * <p>A worker's room stays from call to call: see {@link HeadGradient} and {@link Wkv4Gradient} for
 * its size, which grows linearly in tokens.
 */
final class WkvGradients implements RecurrenceGradients {

  /** Multiply-adds below which bringing in another thread costs more than it saves. */
  private static final long SMALL = 96 * 1024;

  /** Multiply-adds for each number of a state and token, about. */
  private static final int COST_6 = 10;

  private static final int COST_7 = 20;

  /** The same for a channel and token of RWKV-4, with its exponentials. */
  private static final int COST_4 = 80;

  private final Workers workers;
  private final @Nullable Wkv4Gradient[] rooms4;
  private final @Nullable Wkv6Gradient[] rooms6;
  private final @Nullable Wkv7Gradient[] rooms7;

  WkvGradients(Workers workers) {
    this.workers = workers;
    rooms4 = new Wkv4Gradient[workers.count()];
    rooms6 = new Wkv6Gradient[workers.count()];
    rooms7 = new Wkv7Gradient[workers.count()];
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
    RecurrenceShapes.wkv4(dW, dU, dK, dV, dBefore, dY, dAfter, before, w, u, k, v);
    int n = k.channels();
    double[] decays = new double[k.batch() * n];
    double[] bonuses = new double[k.batch() * n];
    Wkv4Gradient.Job job =
        new Wkv4Gradient.Job(decays, bonuses, dK, dV, dBefore, dY, dAfter, before, w, u, k, v);
    int blocks = Math.ceilDiv(n, Wkv4Gradient.BLOCK);
    run(
        k.batch() * blocks,
        (long) k.length() * COST_4,
        (i, slot) -> {
          int from = i % blocks * Wkv4Gradient.BLOCK;
          room4(slot).run(job, i / blocks, from, Math.min(n, from + Wkv4Gradient.BLOCK));
        });
    addRows(dW, decays);
    addRows(dU, bonuses);
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
    int size =
        RecurrenceShapes.wkv6(
            dR, dW, dK, dV, dU, dBefore, dY, dAfter, before, r, w, k, v, u, heads);
    double[] decays = new double[r.batch() * r.channels()];
    double[] bonuses = new double[r.batch() * r.channels()];
    boolean one = w.rows() == 1;
    Wkv6Gradient.Job job =
        new Wkv6Gradient.Job(
            dR,
            one ? null : dW,
            dK,
            dV,
            dBefore,
            dY,
            dAfter,
            before,
            r,
            w,
            k,
            v,
            u,
            decays,
            bonuses);
    run(
        r.batch() * heads,
        (long) r.length() * size * COST_6,
        (i, slot) -> room6(slot, size).run(job, head(r, i, heads, size)));
    addRows(one ? dW : null, decays);
    addRows(dU, bonuses);
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
    int size = RecurrenceShapes.wkv7(d, dBefore, dY, dAfter, before, in, heads);
    Buffer r = RecurrenceShapes.source(in.r());
    Wkv7Gradient.Job job = new Wkv7Gradient.Job(d, dBefore, dY, dAfter, before, in);
    run(
        r.batch() * heads,
        (long) r.length() * size * COST_7,
        (i, slot) -> room7(slot, size).run(job, head(r, i, heads, size)));
  }

  private void run(int pieces, long work, Workers.Piece piece) {
    if (work < SMALL) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    } else {
      workers.run(pieces, piece);
    }
  }

  private Wkv4Gradient room4(int slot) {
    Wkv4Gradient room = rooms4[slot];
    if (room == null) {
      room = new Wkv4Gradient();
      rooms4[slot] = room;
    }
    return room;
  }

  private Wkv6Gradient room6(int slot, int size) {
    Wkv6Gradient room = rooms6[slot];
    if (room == null || room.size != size) {
      room = new Wkv6Gradient(size);
      rooms6[slot] = room;
    }
    return room;
  }

  private Wkv7Gradient room7(int slot, int size) {
    Wkv7Gradient room = rooms7[slot];
    if (room == null || room.size != size) {
      room = new Wkv7Gradient(size);
      rooms7[slot] = room;
    }
    return room;
  }

  private static HeadGradient.Head head(Buffer x, int piece, int heads, int size) {
    int channel = piece % heads * size;
    int first = piece / heads * x.time() * x.channels() + channel;
    return new HeadGradient.Head(piece * size * size, first, channel, x.channels(), x.time());
  }

  /** to ← to + the sum of rows as long as it is, in f64 and in their order. */
  private static void addRows(@Nullable Buffer to, double[] rows) {
    if (to == null) {
      return;
    }
    int n = to.channels();
    for (int c = 0; c < n; c++) {
      double sum = 0;
      for (int at = c; at < rows.length; at += n) {
        sum += rows[at];
      }
      CpuKernels.data(to)[c] += (float) sum;
    }
  }

  /** The array of a buffer that may not be there. */
  static float @Nullable [] numbers(@Nullable Buffer buffer) {
    return buffer == null ? null : CpuKernels.data(buffer);
  }
}
