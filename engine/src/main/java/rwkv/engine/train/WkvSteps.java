package rwkv.engine.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients.State4;

/** The recurrences on a {@link Tape}: their states are changed in place, and have gradients. */
final class WkvSteps {

  private final Tape tape;
  private final Kernels kernels;
  private final Gradients gradients;

  WkvSteps(Tape tape) {
    this.tape = tape;
    this.kernels = tape.kernels();
    this.gradients = tape.gradients();
  }

  void wkv4(Buffer y, Buffer a, Buffer b, Buffer p, Buffer w, Buffer u, Buffer k, Buffer v) {
    Value vw = Tape.value(w);
    Value vu = Tape.value(u);
    Value vk = Tape.value(k);
    Value vv = Tape.value(v);
    List<Value> before = List.of(Tape.value(a), Tape.value(b), Tape.value(p));
    boolean tracked = Tape.tracked(a, b, w, u, k, v);
    Value made = tape.write(y, tracked);
    List<Value> after =
        List.of(tape.rewrite(a, tracked), tape.rewrite(b, tracked), tape.rewrite(p, false));
    kernels.wkv4(
        made.numbers(),
        after.get(0).numbers(),
        after.get(1).numbers(),
        after.get(2).numbers(),
        vw.numbers(),
        vu.numbers(),
        vk.numbers(),
        vv.numbers());
    tape.note(
        List.of(made, after.get(0), after.get(1)),
        () ->
            gradients.wkv4(
                tape.gradient(vw),
                tape.gradient(vu),
                tape.gradient(vk),
                tape.gradient(vv),
                gradient4(before),
                made.gradient(),
                reached4(after),
                new State4(
                    before.get(0).numbers(), before.get(1).numbers(), before.get(2).numbers()),
                vw.numbers(),
                vu.numbers(),
                vk.numbers(),
                vv.numbers()));
  }

  private @Nullable State4 gradient4(List<Value> state) {
    Buffer a = tape.gradient(state.get(0));
    Buffer b = tape.gradient(state.get(1));
    return a == null || b == null ? null : new State4(a, b, state.get(2).numbers());
  }

  private @Nullable State4 reached4(List<Value> after) {
    boolean reached = after.get(0).gradient() != null || after.get(1).gradient() != null;
    return reached ? gradient4(after) : null;
  }

  void wkv6(Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads) {
    Value vr = Tape.value(r);
    Value vw = Tape.value(w);
    Value vk = Tape.value(k);
    Value vv = Tape.value(v);
    Value vu = Tape.value(u);
    Value before = Tape.value(state);
    boolean tracked = Tape.tracked(state, r, w, k, v, u);
    Value made = tape.write(y, tracked);
    Value after = tape.rewrite(state, tracked);
    kernels.wkv6(
        made.numbers(),
        after.numbers(),
        vr.numbers(),
        vw.numbers(),
        vk.numbers(),
        vv.numbers(),
        vu.numbers(),
        heads);
    tape.note(
        List.of(made, after),
        () ->
            gradients.wkv6(
                tape.gradient(vr),
                tape.gradient(vw),
                tape.gradient(vk),
                tape.gradient(vv),
                tape.gradient(vu),
                tape.gradient(before),
                made.gradient(),
                after.gradient(),
                before.numbers(),
                vr.numbers(),
                vw.numbers(),
                vk.numbers(),
                vv.numbers(),
                vu.numbers(),
                heads));
  }

  void wkv7(
      Buffer y,
      Buffer state,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer kk,
      Buffer a,
      int heads) {
    List<Value> in =
        List.of(
            Tape.value(r),
            Tape.value(w),
            Tape.value(k),
            Tape.value(v),
            Tape.value(kk),
            Tape.value(a));
    Gradients.Inputs7 read = inputs7(in.stream().map(Value::numbers).toList());
    Value before = Tape.value(state);
    boolean tracked = Tape.tracked(state, r, w, k, v, kk, a);
    Value made = tape.write(y, tracked);
    Value after = tape.rewrite(state, tracked);
    kernels.wkv7(
        made.numbers(),
        after.numbers(),
        in.get(0).numbers(),
        in.get(1).numbers(),
        in.get(2).numbers(),
        in.get(3).numbers(),
        in.get(4).numbers(),
        in.get(5).numbers(),
        heads);
    tape.note(
        List.of(made, after),
        () ->
            gradients.wkv7(
                new Gradients.Inputs7(
                    tape.gradient(in.get(0)),
                    tape.gradient(in.get(1)),
                    tape.gradient(in.get(2)),
                    tape.gradient(in.get(3)),
                    tape.gradient(in.get(4)),
                    tape.gradient(in.get(5))),
                tape.gradient(before),
                made.gradient(),
                after.gradient(),
                before.numbers(),
                read,
                heads));
  }

  private static Gradients.Inputs7 inputs7(List<Buffer> b) {
    return new Gradients.Inputs7(b.get(0), b.get(1), b.get(2), b.get(3), b.get(4), b.get(5));
  }
}
