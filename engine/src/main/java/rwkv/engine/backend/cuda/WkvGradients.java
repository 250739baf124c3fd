package rwkv.engine.backend.cuda;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.RecurrenceShapes;
import rwkv.engine.backend.Shapes;

/**
 * The recurrences for training on a card: forward with the state kept before every sixteen tokens,
 * and the way back from what was kept. {@code gradients.cu} has the kernels. A block takes one head
 * of one sequence (a thread one channel of RWKV-4), and what is a sum over sequences is added up in
 * their order, so the bits of a result are always the same.
 *
 * <p>Room for one pass, in numbers for every head of n channels of every sequence: n² for every
 * sixteen tokens, n² · 3 (a head of 64) or n² · 6 (any other), and of RWKV-7 n for every token.
 */
final class WkvGradients implements RecurrenceGradients {

  /** Tokens between states that are kept; CHUNK in {@code recurrences.cuh}. */
  private static final int CHUNK = 16;

  /** The size of heads whose states lie in registers. */
  private static final int REGISTERS = 64;

  /** States of a block's scratch: SHARES in {@code gradients.cuh}. */
  private static final int STATES_WITH_REGISTERS = 3;

  private static final int STATES = 6;

  /** Of RWKV-4 a, b and two halves of p are kept. */
  private static final int KEPT_4 = 4;

  private final Card card;

  WkvGradients(Card card) {
    this.card = card;
  }

  /**
   * What a pass forward keeps for the way back.
   *
   * @param states before every sixteen tokens
   * @param removed S κ̂ of every token of RWKV-7
   */
  record Kept(CudaBuffer.Memory states, @Nullable CudaBuffer removed) {}

  /** {@link rwkv.engine.backend.Kernels#wkv4}, and what the way back needs. */
  Kept keep4(Buffer y, State4 state, Buffer w, Buffer u, Buffer k, Buffer v) {
    Shapes.same(y, w, u, k, v);
    Shapes.state(y, y.channels(), state.a(), state.b(), state.p());
    long rows = (long) y.batch() * chunks(y) * KEPT_4;
    Kept kept = new Kept(card.numbers(rows * y.channels()), null);
    int n = y.batch() * y.channels();
    card.each(
        "wkv4_kept",
        n,
        y,
        state.a(),
        state.b(),
        state.p(),
        kept.states().address(),
        w,
        u,
        k,
        v,
        y.batch(),
        y.time(),
        y.channels());
    return kept;
  }

  /** {@link rwkv.engine.backend.Kernels#wkv6}, and what the way back needs. */
  Kept keep6(Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads) {
    Shapes.same(y, r, w, k, v, u);
    int size = y.channels() / heads;
    Shapes.state(y, y.channels() * size, state);
    Kept kept = new Kept(states(y, size, chunks(y)), null);
    card.over(
        sized("wkv6_kept", size),
        heads,
        y.batch(),
        size,
        y,
        state,
        kept.states().address(),
        r,
        w,
        k,
        v,
        u,
        y.time(),
        heads,
        size,
        step(w));
    return kept;
  }

  /** {@link rwkv.engine.backend.Kernels#wkv7}, and what the way back needs. */
  Kept keep7(Buffer y, Buffer state, Inputs7 in, int heads) {
    int size = RecurrenceShapes.wkv7(in, null, y, null, state, in, heads);
    CudaBuffer removed = card.room(y.batch(), y.time(), y.channels());
    Kept kept = new Kept(states(y, size, chunks(y)), removed);
    card.over(
        sized("wkv7_kept", size),
        heads,
        y.batch(),
        size,
        y,
        state,
        kept.states().address(),
        removed,
        given(in.r()),
        given(in.w()),
        given(in.k()),
        given(in.v()),
        given(in.kk()),
        given(in.a()),
        y.time(),
        heads,
        size);
    return kept;
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
    State4 state = new State4(copy(before.a()), copy(before.b()), copy(before.p()));
    Kept kept = keep4(like(k), state, w, u, k, v);
    back4(dW, dU, dK, dV, dBefore, dY, dAfter, kept, w, u, k, v);
  }

  /** As {@link #wkv4}, from what the pass forward kept. */
  void back4(
      @Nullable Buffer dW,
      @Nullable Buffer dU,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable State4 dBefore,
      @Nullable Buffer dY,
      @Nullable State4 dAfter,
      Kept kept,
      Buffer w,
      Buffer u,
      Buffer k,
      Buffer v) {
    CudaBuffer decays = card.room(k.batch(), 1, k.channels());
    CudaBuffer bonuses = card.room(k.batch(), 1, k.channels());
    Buffer upstream = dY == null ? zeros(k) : dY;
    card.each(
        "wkv4_back",
        decays.length(),
        decays,
        bonuses,
        given(dK),
        given(dV),
        given(dBefore == null ? null : dBefore.a()),
        given(dBefore == null ? null : dBefore.b()),
        upstream,
        given(dAfter == null ? null : dAfter.a()),
        given(dAfter == null ? null : dAfter.b()),
        kept.states().address(),
        w,
        u,
        k,
        v,
        k.batch(),
        k.time(),
        k.channels());
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
    RecurrenceShapes.wkv6(dR, dW, dK, dV, dU, dBefore, dY, dAfter, before, r, w, k, v, u, heads);
    Kept kept = keep6(like(r), copy(before), r, w, k, v, u, heads);
    back6(dR, dW, dK, dV, dU, dBefore, dY, dAfter, kept, r, w, k, v, u, heads);
  }

  /** As {@link #wkv6}, from what the pass forward kept. */
  void back6(
      @Nullable Buffer dR,
      @Nullable Buffer dW,
      @Nullable Buffer dK,
      @Nullable Buffer dV,
      @Nullable Buffer dU,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Kept kept,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer u,
      int heads) {
    int size = r.channels() / heads;
    CudaBuffer decays = card.room(r.batch(), 1, r.channels());
    CudaBuffer bonuses = card.room(r.batch(), 1, r.channels());
    CudaBuffer.Memory scratch = scratch(r, size);
    Buffer upstream = dY == null ? zeros(r) : dY;
    boolean oneDecay = w.rows() == 1;
    card.over(
        sized("wkv6_back", size),
        heads,
        r.batch(),
        size,
        decays,
        bonuses,
        given(dR),
        given(oneDecay ? null : dW),
        given(dK),
        given(dV),
        given(dBefore),
        upstream,
        given(dAfter),
        kept.states().address(),
        scratch.address(),
        r,
        w,
        k,
        v,
        u,
        r.time(),
        heads,
        size,
        step(w));
    addRows(oneDecay ? dW : null, decays);
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
    RecurrenceShapes.wkv7(d, dBefore, dY, dAfter, before, in, heads);
    Kept kept = keep7(like(RecurrenceShapes.source(in.r())), copy(before), in, heads);
    back7(d, dBefore, dY, dAfter, kept, in, heads);
  }

  /** As {@link #wkv7}, from what the pass forward kept. */
  void back7(
      Inputs7 d,
      @Nullable Buffer dBefore,
      @Nullable Buffer dY,
      @Nullable Buffer dAfter,
      Kept kept,
      Inputs7 in,
      int heads) {
    Buffer r = RecurrenceShapes.source(in.r());
    int size = r.channels() / heads;
    CudaBuffer.Memory scratch = scratch(r, size);
    Buffer upstream = dY == null ? zeros(r) : dY;
    card.over(
        sized("wkv7_back", size),
        heads,
        r.batch(),
        size,
        given(d.r()),
        given(d.w()),
        given(d.k()),
        given(d.v()),
        given(d.kk()),
        given(d.a()),
        given(dBefore),
        upstream,
        given(dAfter),
        kept.states().address(),
        RecurrenceShapes.source(kept.removed()),
        scratch.address(),
        r,
        given(in.w()),
        given(in.k()),
        given(in.v()),
        given(in.kk()),
        given(in.a()),
        r.time(),
        heads,
        size);
  }

  /** A buffer for a kernel, or the address of nothing. */
  private static Object given(@Nullable Buffer buffer) {
    return buffer == null ? 0L : buffer;
  }

  private static String sized(String kernel, int size) {
    return size == REGISTERS ? kernel + "_" + REGISTERS : kernel;
  }

  private static int chunks(Buffer y) {
    return Math.ceilDiv(y.time(), CHUNK);
  }

  /** Numbers from a token's decays to the next token's: none where all tokens have the same. */
  private static int step(Buffer w) {
    return w.rows() == 1 ? 0 : w.channels();
  }

  /** Room for states of all heads of all sequences. */
  private CudaBuffer.Memory states(Buffer x, int size, int each) {
    return card.numbers((long) x.batch() * x.channels() * size * each);
  }

  private CudaBuffer.Memory scratch(Buffer x, int size) {
    return states(x, size, size == REGISTERS ? STATES_WITH_REGISTERS : STATES);
  }

  private CudaBuffer like(Buffer x) {
    return card.room(x.batch(), x.time(), x.channels());
  }

  private CudaBuffer zeros(Buffer x) {
    CudaBuffer made = like(x);
    card.sent().fillZero(made.address(), (long) Float.BYTES * made.length());
    return made;
  }

  private CudaBuffer copy(Buffer x) {
    CudaBuffer made = like(x);
    card.each("copy", made.length(), made, x, made.length(), x.length());
    return made;
  }

  private void addRows(@Nullable Buffer to, CudaBuffer rows) {
    if (to != null) {
      card.each("add_rows", to.length(), to, rows, rows.batch(), to.length());
    }
  }
}
