package rwkv.engine.train;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Derivation;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.tensor.Tensor;

/**
 * Reverse mode over the vocabulary of the forward pass: kernels that compute with other kernels,
 * note down what they did, and can go back over it.
 *
 * <p>A forward pass writes the same buffers again and again, some in place. Here a buffer is only a
 * name: every write gives it a new {@link Value}, and the values before stay until the next {@link
 * #begin}. So the forward passes of {@code model} are trained as they are. Memory is that of all
 * values of a step, times tokens; it is used again by the next.
 *
 * <p>What is known of RWKV-7a, 7b and 8 only has no gradient here.
 */
public final class Tape {

  private final Kernels kernels;
  private final Gradients gradients;
  private final Parameters parameters;
  private final BufferPool pool;
  private final List<Named> buffers = new ArrayList<>();
  private final List<Derived> derived = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Value> overwritten = new ArrayList<>();
  private Map<String, Tensor> loading = Map.of();
  private boolean recording;

  /**
   * A buffer that somebody may have forgotten: a model makes others for sequences of another shape.
   */
  private record Named(WeakReference<TapeBuffer> buffer, TapeBuffer.Held held) {}

  /**
   * @param outs what the step wrote; it is passed over where no gradient has reached any of them
   */
  private record Step(List<Value> outs, Runnable back) {}

  /** A row of f(x) of a parameter's numbers, {@code times} times each. */
  private record Derived(TapeBuffer row, Value parameter, int times, Derivation f) {}

  /**
   * @param kernels that compute, and outlive the tape
   * @throws IllegalArgumentException if these kernels have no gradients
   */
  public Tape(Kernels kernels, Parameters parameters) {
    Gradients backward = kernels.gradients();
    if (backward == null) {
      throw new IllegalArgumentException(kernels.device() + " cannot train");
    }
    this.kernels = kernels;
    this.gradients = backward;
    this.parameters = parameters;
    this.pool = new BufferPool(kernels, backward);
  }

  /** The model whose tensors the parameters are, computing on this tape. */
  public Rwkv load(Path name) {
    InMemory checkpoint = new InMemory(name, parameters.tensors());
    loading = checkpoint.tensors();
    try {
      return Rwkv.load(checkpoint, new RecordingKernels(this), Progress.NONE);
    } finally {
      loading = Map.of();
    }
  }

  Kernels kernels() {
    return kernels;
  }

  Parameters parameters() {
    return parameters;
  }

  /** The tensor that a model is being loaded from. */
  Tensor loading(String name) {
    Tensor whole = loading.get(name);
    if (whole == null) {
      throw new IllegalArgumentException("tensor " + name + " is no parameter");
    }
    return whole;
  }

  TapeBuffer buffer(int batch, int time, int channels) {
    TapeBuffer.Held held = new TapeBuffer.Held(new Value(pool.zeros(batch, time, channels), false));
    TapeBuffer made = new TapeBuffer(held);
    buffers.add(new Named(new WeakReference<>(made), held));
    return made;
  }

  /** A row that is worked out from a parameter at the beginning of every step. */
  TapeBuffer derived(String parameter, int numbers, int times, Derivation f) {
    Value row = new Value(kernels.buffer(1, 1, numbers * times), false);
    Value source = Value.of(parameters.get(parameter));
    Derived made = new Derived(new TapeBuffer(row), source, times, f);
    derived.add(made);
    return made.row;
  }

  /** The backward pass over this tape's numbers. */
  public Gradients gradients() {
    return gradients;
  }

  /** Bytes of all values and gradients, those of parameters left out. */
  public long bytes() {
    return pool.numbers() * Float.BYTES;
  }

  /**
   * Begins a step: forgets the one before, takes the parameters as they are now, and cuts what the
   * buffers (a state, as well) hold off from what made it.
   */
  public void begin() {
    start(true);
  }

  /** As {@link #begin}, but for forward passes without a backward pass: nothing is noted down. */
  public void rest() {
    start(false);
  }

  private void start(boolean record) {
    recording = record;
    steps.clear();
    overwritten.forEach(value -> value.release(pool));
    overwritten.forEach(value -> pool.give(value.numbers()));
    overwritten.clear();
    buffers.removeIf(this::isForgotten);
    for (Named buffer : buffers) {
      Value value = buffer.held.value();
      value.release(pool);
      buffer.held.hold(new Value(value.numbers(), false));
    }
    derived.forEach(this::derive);
  }

  /** Whether nobody asks for a buffer any more; its numbers are then used again. */
  private boolean isForgotten(Named named) {
    if (!named.buffer.refersTo(null)) {
      return false;
    }
    Value value = named.held.value();
    value.release(pool);
    pool.give(value.numbers());
    return true;
  }

  /** What a buffer holds now, where the kernels that compute have it. */
  public Buffer numbers(Buffer buffer) {
    return value(buffer).numbers();
  }

  /** Adds to the gradient of every parameter what follows from that of a buffer. */
  public void backward(Buffer out, Buffer dOut) {
    Buffer gradient = value(out).gradient(pool);
    if (gradient == null) {
      throw new IllegalStateException("no parameter that is trained had a part in it");
    }
    gradients.copy(gradient, dOut);
    for (Step step : steps.reversed()) {
      if (step.outs.stream().anyMatch(o -> o.gradient() != null)) {
        step.back.run();
        step.outs.forEach(o -> o.release(pool));
      }
    }
    steps.clear();
  }

  /**
   * Makes a part of a state of every sequence the numbers of a parameter, which then gets the
   * gradient of the state before the first token.
   */
  public void spread(Buffer state, Parameter parameter) {
    Value source = Value.of(parameter);
    float[] numbers = parameter.values().toArray();
    Value start = write(state, source.tracked());
    for (int b = 0; b < state.batch(); b++) {
      start.numbers().write(b * numbers.length, numbers, 0, numbers.length);
    }
    note(start, () -> gradients.add(null, gradient(source), dOut(start)));
  }

  static Value value(Buffer buffer) {
    return ((TapeBuffer) buffer).value();
  }

  @Nullable Buffer gradient(Value value) {
    return value.gradient(pool);
  }

  /** The gradient of what a step wrote, which has been reached. */
  Buffer dOut(Value value) {
    Buffer gradient = value.gradient(pool);
    if (gradient == null) {
      throw new IllegalStateException("not tracked");
    }
    return gradient;
  }

  static boolean tracked(Buffer... sources) {
    for (Buffer source : sources) {
      if (value(source).tracked()) {
        return true;
      }
    }
    return false;
  }

  /** Gives a buffer a new value, with unknown numbers; the old one, where nothing is noted down. */
  Value write(Buffer out, boolean tracked) {
    TapeBuffer buffer = (TapeBuffer) out;
    if (!recording) {
      return buffer.value();
    }
    overwritten.add(buffer.value());
    Value made = new Value(pool.take(out.batch(), out.time(), out.channels()), tracked);
    buffer.hold(made);
    return made;
  }

  /** Gives a state that is changed in place a new value, with the numbers of the old one. */
  Value rewrite(Buffer state, boolean tracked) {
    Value before = value(state);
    Value after = write(state, tracked);
    if (after != before) {
      kernels.copy(after.numbers(), before.numbers());
    }
    return after;
  }

  void note(Value out, Runnable back) {
    if (recording && out.tracked()) {
      steps.add(new Step(List.of(out), back));
    }
  }

  void note(List<Value> outs, Runnable back) {
    if (recording && outs.stream().anyMatch(Value::tracked)) {
      steps.add(new Step(outs, back));
    }
  }

  private void derive(Derived d) {
    float[] x = d.parameter.numbers().toArray();
    float[] row = new float[x.length * d.times];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) d.f.of(x[i / d.times]);
    }
    d.row.value().release(pool);
    Value made = new Value(d.row.value().numbers(), d.parameter.tracked());
    made.numbers().write(0, row, 0, row.length);
    d.row.hold(made);
    note(
        made,
        () -> {
          float[] dRow = dOut(made).toArray();
          float[] dX = dOut(d.parameter).toArray();
          for (int i = 0; i < dRow.length; i++) {
            dX[i / d.times] += (float) (d.f.slope(x[i / d.times]) * dRow[i]);
          }
          dOut(d.parameter).write(0, dX, 0, dX.length);
        });
  }
}
