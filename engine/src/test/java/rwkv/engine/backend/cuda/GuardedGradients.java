package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.RecurrenceGradients;

/**
 * The gradients of a card over the CPU's buffers: everything is copied to the card and between rows
 * that nobody may write, and what the card has written is copied back.
 */
final class GuardedGradients implements RecurrenceGradients {

  private static final float GUARD = -12345.5f;
  private static final int GUARD_ROWS = 2;

  private final CudaKernels kernels;
  private final RecurrenceGradients gradients;
  private final List<Copy> copies = new ArrayList<>();

  GuardedGradients(CudaKernels kernels) {
    this.kernels = kernels;
    this.gradients = kernels.recurrenceGradients();
  }

  /**
   * A buffer and its copy on the card.
   *
   * @param written whether it is a destination
   */
  private record Copy(Buffer here, CudaBuffer there, boolean written) {}

  private @Nullable Buffer copy(@Nullable Buffer here, boolean written) {
    if (here == null) {
      return null;
    }
    CudaBuffer whole = (CudaBuffer) kernels.buffer(1, here.rows() + GUARD_ROWS, here.channels());
    float[] numbers = Arrays.copyOf(here.toArray(), whole.length());
    Arrays.fill(numbers, here.length(), numbers.length, GUARD);
    whole.write(0, numbers, 0, numbers.length);
    copies.add(new Copy(here, whole, written));
    return whole.as(here.batch(), here.time());
  }

  private @Nullable Buffer to(@Nullable Buffer destination) {
    return copy(destination, true);
  }

  private @Nullable Buffer of(@Nullable Buffer source) {
    return copy(source, false);
  }

  private @Nullable State4 copy(@Nullable State4 state, boolean written) {
    return state == null
        ? null
        : new State4(copy(state.a(), written), copy(state.b(), written), copy(state.p(), false));
  }

  private Inputs7 copy(Inputs7 x, boolean written) {
    return new Inputs7(
        copy(x.r(), written),
        copy(x.w(), written),
        copy(x.k(), written),
        copy(x.v(), written),
        copy(x.kk(), written),
        copy(x.a(), written));
  }

  /** Takes back what was written, where it may be. */
  private void settle() {
    for (Copy copy : copies) {
      float[] numbers = copy.there().toArray();
      int length = copy.here().length();
      for (int i = length; i < numbers.length; i++) {
        assertEquals(GUARD, numbers[i], "wrote past a buffer");
      }
      if (copy.written()) {
        copy.here().write(0, numbers, 0, length);
      } else {
        assertEquals(
            -1,
            Arrays.mismatch(copy.here().toArray(), Arrays.copyOf(numbers, length)),
            "wrote to a source");
      }
    }
    copies.clear();
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
    gradients.wkv4(
        to(dW),
        to(dU),
        to(dK),
        to(dV),
        copy(dBefore, true),
        of(dY),
        copy(dAfter, false),
        copy(before, false),
        of(w),
        of(u),
        of(k),
        of(v));
    settle();
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
    gradients.wkv6(
        to(dR),
        to(dW),
        to(dK),
        to(dV),
        to(dU),
        to(dBefore),
        of(dY),
        of(dAfter),
        of(before),
        of(r),
        of(w),
        of(k),
        of(v),
        of(u),
        heads);
    settle();
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
    gradients.wkv7(
        copy(d, true), to(dBefore), of(dY), of(dAfter), of(before), copy(in, false), heads);
    settle();
  }
}
