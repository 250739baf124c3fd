package rwkv.engine.train;

import java.util.List;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Derivation;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.backend.Memo;
import rwkv.engine.tensor.Tensor;

/** The vocabulary of the forward pass on a {@link Tape}: each line is computed and noted down. */
final class RecordingKernels implements Kernels {

  private final Tape tape;
  private final Kernels kernels;
  private final Gradients gradients;
  private final WkvSteps wkv;

  RecordingKernels(Tape tape) {
    this.tape = tape;
    this.kernels = tape.kernels();
    this.gradients = tape.gradients();
    this.wkv = new WkvSteps(tape);
  }

  @Override
  public String device() {
    return kernels.device();
  }

  @Override
  public void require(long bytes, String what) {
    kernels.require(bytes, what);
  }

  @Override
  public int productBits() {
    return kernels.productBits();
  }

  @Override
  public long heldBytes() {
    return kernels.heldBytes();
  }

  @Override
  public Buffer buffer(int batch, int time, int channels) {
    return tape.buffer(batch, time, channels);
  }

  @Override
  public Buffer vector(Tensor tensor) {
    Parameter parameter = tape.parameters().find(tensor.name());
    return new TapeBuffer(
        parameter == null ? new Value(kernels.vector(tensor), false) : Value.of(parameter));
  }

  @Override
  public Buffer derived(Tensor stored, double[] official, int times, Derivation f) {
    return tape.derived(stored.name(), official.length, times, f);
  }

  @Override
  public Matrix matrix(Tensor tensor) {
    return matrix(tensor, (int) tensor.shape().size(0), (int) tensor.shape().size(1), false);
  }

  @Override
  public Matrix transposed(Tensor tensor) {
    return matrix(tensor, (int) tensor.shape().size(1), (int) tensor.shape().size(0), true);
  }

  private Matrix matrix(Tensor tensor, int out, int in, boolean swapped) {
    Tensor whole = tape.loading(tensor.name());
    long offset = (tensor.data().address() - whole.data().address()) / Float.BYTES;
    Value weight = Value.of(tape.parameters().get(tensor.name()));
    return new TapeMatrix(weight, (int) offset, out, in, swapped);
  }

  @Override
  public void copy(Buffer out, Buffer x) {
    Value source = Tape.value(x);
    Value made = tape.write(out, Tape.tracked(x));
    kernels.copy(made.numbers(), source.numbers());
    tape.note(made, () -> gradients.copy(tape.dOut(source), tape.dOut(made)));
  }

  @Override
  public void embed(Buffer out, Matrix table, int[] tokens) {
    TapeMatrix t = (TapeMatrix) table;
    Value made = tape.write(out, t.weight().tracked());
    gradients.rows(made.numbers(), t.weight().numbers(), tokens);
    tape.note(made, () -> gradients.embed(tape.dOut(t.weight()), tokens, tape.dOut(made)));
  }

  @Override
  public void last(Buffer out, Buffer x) {
    Value source = Tape.value(x);
    Value made = tape.write(out, Tape.tracked(x));
    kernels.last(made.numbers(), source.numbers());
    tape.note(made, () -> gradients.last(tape.dOut(source), tape.dOut(made)));
  }

  @Override
  public void layerNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, float eps) {
    groupNorm(out, x, weight, bias, 1, eps);
  }

  @Override
  public void groupNorm(Buffer out, Buffer x, Buffer weight, Buffer bias, int heads, float eps) {
    Value source = Tape.value(x);
    Value w = Tape.value(weight);
    Value b = Tape.value(bias);
    Value made = tape.write(out, Tape.tracked(x, weight, bias));
    kernels.groupNorm(made.numbers(), source.numbers(), w.numbers(), b.numbers(), heads, eps);
    tape.note(
        made,
        () ->
            gradients.groupNorm(
                tape.gradient(source),
                tape.gradient(w),
                tape.gradient(b),
                tape.dOut(made),
                source.numbers(),
                w.numbers(),
                heads,
                eps));
  }

  @Override
  public void tokenShift(Buffer delta, Buffer z, Buffer shift) {
    Value source = Tape.value(z);
    Value before = Tape.value(shift);
    Value made = tape.write(delta, Tape.tracked(z, shift));
    Value after = tape.rewrite(shift, Tape.tracked(z));
    kernels.tokenShift(made.numbers(), source.numbers(), after.numbers());
    tape.note(
        List.of(made, after),
        () ->
            gradients.tokenShift(
                tape.gradient(source), tape.gradient(before), made.gradient(), after.gradient()));
  }

  @Override
  public void mix(Buffer out, Buffer z, Buffer delta, Buffer mu) {
    Value source = Tape.value(z);
    Value d = Tape.value(delta);
    Value m = Tape.value(mu);
    Value made = tape.write(out, Tape.tracked(z, delta, mu));
    kernels.mix(made.numbers(), source.numbers(), d.numbers(), m.numbers());
    tape.note(
        made,
        () ->
            gradients.mix(
                tape.gradient(source),
                tape.gradient(d),
                tape.gradient(m),
                tape.dOut(made),
                d.numbers(),
                m.numbers()));
  }

  @Override
  public void slice(Buffer out, Buffer x, int from) {
    Value source = Tape.value(x);
    Value made = tape.write(out, Tape.tracked(x));
    kernels.slice(made.numbers(), source.numbers(), from);
    tape.note(made, () -> gradients.slice(tape.dOut(source), tape.dOut(made), from));
  }

  @Override
  public void matmul(Buffer out, Buffer x, Matrix weight) {
    TapeMatrix m = (TapeMatrix) weight;
    Value source = Tape.value(x);
    Value w = m.weight();
    Value made = tape.write(out, source.tracked() || w.tracked());
    gradients.product(made.numbers(), source.numbers(), w.numbers(), m.offset(), m.swapped());
    tape.note(
        made,
        () ->
            gradients.product(
                tape.gradient(source),
                tape.gradient(w),
                tape.dOut(made),
                source.numbers(),
                w.numbers(),
                m.offset(),
                m.swapped()));
  }

  @Override
  public void zeros(Buffer out, Buffer x) {
    Value source = Tape.value(x);
    kernels.zeros(tape.write(out, false).numbers(), source.numbers());
  }

  @Override
  public void activate(Buffer out, Buffer x, Activation f) {
    Value source = Tape.value(x);
    Value made = tape.write(out, Tape.tracked(x));
    kernels.activate(made.numbers(), source.numbers(), f);
    tape.note(
        made,
        () ->
            gradients.activate(
                tape.dOut(source), tape.dOut(made), source.numbers(), made.numbers(), f));
  }

  @Override
  public void add(Buffer out, Buffer x, Buffer y) {
    Value a = Tape.value(x);
    Value b = Tape.value(y);
    Value made = tape.write(out, Tape.tracked(x, y));
    kernels.add(made.numbers(), a.numbers(), b.numbers());
    tape.note(made, () -> gradients.add(tape.gradient(a), tape.gradient(b), tape.dOut(made)));
  }

  @Override
  public void multiply(Buffer out, Buffer x, Buffer y) {
    Value a = Tape.value(x);
    Value b = Tape.value(y);
    Value made = tape.write(out, Tape.tracked(x, y));
    kernels.multiply(made.numbers(), a.numbers(), b.numbers());
    tape.note(
        made,
        () ->
            gradients.multiply(
                tape.gradient(a), tape.gradient(b), tape.dOut(made), a.numbers(), b.numbers()));
  }

  @Override
  public void lerp(Buffer out, Buffer x, Buffer y, Buffer gate) {
    Value a = Tape.value(x);
    Value b = Tape.value(y);
    Value g = Tape.value(gate);
    Value made = tape.write(out, Tape.tracked(x, y, gate));
    kernels.lerp(made.numbers(), a.numbers(), b.numbers(), g.numbers());
    tape.note(
        made,
        () ->
            gradients.lerp(
                tape.gradient(a),
                tape.gradient(b),
                tape.gradient(g),
                tape.dOut(made),
                a.numbers(),
                b.numbers(),
                g.numbers()));
  }

  @Override
  public void decay6(Buffer w, Buffer x) {
    Value source = Tape.value(x);
    Value made = tape.write(w, Tape.tracked(x));
    kernels.decay6(made.numbers(), source.numbers());
    tape.note(
        made,
        () ->
            gradients.decay6(tape.dOut(source), tape.dOut(made), source.numbers(), made.numbers()));
  }

  @Override
  public void decay7(Buffer w, Buffer x) {
    Value source = Tape.value(x);
    Value made = tape.write(w, Tape.tracked(x));
    kernels.decay7(made.numbers(), source.numbers());
    tape.note(
        made,
        () ->
            gradients.decay7(tape.dOut(source), tape.dOut(made), source.numbers(), made.numbers()));
  }

  @Override
  public void removalKey7(Buffer kk, Buffer k, Buffer keyScale, int heads) {
    Value source = Tape.value(k);
    Value scale = Tape.value(keyScale);
    Value made = tape.write(kk, Tape.tracked(k, keyScale));
    kernels.removalKey7(made.numbers(), source.numbers(), scale.numbers(), heads);
    tape.note(
        made,
        () ->
            gradients.removalKey7(
                tape.gradient(source),
                tape.gradient(scale),
                tape.dOut(made),
                source.numbers(),
                scale.numbers(),
                heads));
  }

  @Override
  public void replacementKey7(Buffer out, Buffer k, Buffer a, Buffer keyRate) {
    Value source = Tape.value(k);
    Value va = Tape.value(a);
    Value rate = Tape.value(keyRate);
    Value made = tape.write(out, Tape.tracked(k, a, keyRate));
    kernels.replacementKey7(made.numbers(), source.numbers(), va.numbers(), rate.numbers());
    tape.note(
        made,
        () ->
            gradients.replacementKey7(
                tape.gradient(source),
                tape.gradient(va),
                tape.gradient(rate),
                tape.dOut(made),
                source.numbers(),
                va.numbers(),
                rate.numbers()));
  }

  @Override
  public void bonus7(Buffer out, Buffer x, Buffer r, Buffer k, Buffer bonus, Buffer v, int heads) {
    Value source = Tape.value(x);
    Value vr = Tape.value(r);
    Value vk = Tape.value(k);
    Value vb = Tape.value(bonus);
    Value vv = Tape.value(v);
    Value made = tape.write(out, Tape.tracked(x, r, k, bonus, v));
    kernels.bonus7(
        made.numbers(),
        source.numbers(),
        vr.numbers(),
        vk.numbers(),
        vb.numbers(),
        vv.numbers(),
        heads);
    tape.note(
        made,
        () -> {
          gradients.add(tape.gradient(source), null, tape.dOut(made));
          gradients.bonus7(
              tape.gradient(vr),
              tape.gradient(vk),
              tape.gradient(vb),
              tape.gradient(vv),
              tape.dOut(made),
              vr.numbers(),
              vk.numbers(),
              vb.numbers(),
              vv.numbers(),
              heads);
        });
  }

  @Override
  public History history(int batch, int channels) {
    throw untrained();
  }

  @Override
  public Memo rosaMemo(int batch) {
    throw untrained();
  }

  @Override
  public void project(Buffer out, Buffer x, Buffer matrices) {
    throw untrained();
  }

  @Override
  public void attend7b(Buffer out, Buffer q, History keys, History values) {
    throw untrained();
  }

  @Override
  public void packSigns(Buffer out, Buffer x) {
    throw untrained();
  }

  @Override
  public void rosa(
      Buffer out, Buffer matched, History q, History k, History v, Memo memo, float unmatched) {
    throw untrained();
  }

  private static UnsupportedOperationException untrained() {
    return new UnsupportedOperationException("RWKV-7a, 7b and 8 cannot be trained");
  }

  @Override
  public void wkv4(Buffer y, Buffer a, Buffer b, Buffer p, Buffer w, Buffer u, Buffer k, Buffer v) {
    wkv.wkv4(y, a, b, p, w, u, k, v);
  }

  @Override
  public void wkv6(
      Buffer y, Buffer state, Buffer r, Buffer w, Buffer k, Buffer v, Buffer u, int heads) {
    wkv.wkv6(y, state, r, w, k, v, u, heads);
  }

  @Override
  public void wkv7(
      Buffer y,
      Buffer state,
      Buffer r,
      Buffer w,
      Buffer k,
      Buffer v,
      Buffer kk,
      Buffer a,
      int heads) {
    wkv.wkv7(y, state, r, w, k, v, kk, a, heads);
  }

  /** The kernels that compute stay open. */
  @Override
  public void close() {}
}
