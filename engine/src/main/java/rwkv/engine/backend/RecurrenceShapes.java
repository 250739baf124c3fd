package rwkv.engine.backend;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;
import rwkv.engine.backend.RecurrenceGradients.State4;

/** Whether what {@link RecurrenceGradients} are asked for fits; refused with both shapes if not. */
public final class RecurrenceShapes {

  private RecurrenceShapes() {}

  /** Checks the buffers of {@link RecurrenceGradients#wkv4}. */
  public static void wkv4(
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
    Shapes.same(k, w, u, v);
    row(k, w, u, dW, dU);
    all(k, v, dK, dV, dY);
    int n = k.channels();
    for (State4 state : new @Nullable State4[] {before, dBefore, dAfter}) {
      if (state != null) {
        Shapes.state(k, n, state.a(), state.b());
      }
    }
    Shapes.state(k, n, before.p());
  }

  /**
   * Checks the buffers of {@link RecurrenceGradients#wkv6}.
   *
   * @return the size of a head
   */
  public static int wkv6(
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
    Shapes.same(r, w, u);
    row(r, u, dU);
    all(w, dW);
    all(r, k, v, dR, dK, dV, dY);
    int size = size(r, heads);
    states(r, size, before, dBefore, dAfter);
    return size;
  }

  /**
   * Checks the buffers of {@link RecurrenceGradients#wkv7}.
   *
   * @return the size of a head
   */
  public static int wkv7(
      Inputs7 d,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Buffer before,
      Inputs7 in,
      int heads) {
    Buffer r = source(in.r());
    all(r, source(in.w()), source(in.k()), source(in.v()), source(in.kk()), source(in.a()));
    all(r, d.r(), d.w(), d.k(), d.v(), d.kk(), d.a(), dY);
    int size = size(r, heads);
    states(r, size, before, dBefore, dAfter);
    return size;
  }

  /** A source of the backward pass, which must be there. */
  public static Buffer source(@Nullable Buffer buffer) {
    if (buffer == null) {
      throw new IllegalArgumentException("a source of the backward pass is missing");
    }
    return buffer;
  }

  private static int size(Buffer x, int heads) {
    if (heads < 1 || x.channels() % heads != 0) {
      throw new IllegalArgumentException(Shapes.text(x) + " has no " + heads + " heads");
    }
    return x.channels() / heads;
  }

  private static void row(Buffer x, @Nullable Buffer... rows) {
    for (Buffer row : rows) {
      if (row != null && (row.rows() != 1 || row.channels() != x.channels())) {
        throw new IllegalArgumentException(
            Shapes.text(row) + " is no row of " + x.channels() + " numbers");
      }
    }
  }

  private static void all(Buffer x, @Nullable Buffer... others) {
    for (Buffer other : others) {
      if (other != null && (other.rows() != x.rows() || other.channels() != x.channels())) {
        throw new IllegalArgumentException(Shapes.text(other) + " does not fit " + Shapes.text(x));
      }
    }
  }

  private static void states(Buffer x, int size, @Nullable Buffer... states) {
    for (Buffer state : states) {
      if (state != null) {
        Shapes.state(x, x.channels() * size, state);
      }
    }
  }
}
