package rwkv.engine.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.RecurrenceGradients;
import rwkv.engine.backend.RecurrenceGradients.Inputs7;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.tensor.DType;
import rwkv.engine.trace.Trace;

/**
 * Times RWKV-7 of random bf16 weights on a device, each time beside its floor: the bytes that must
 * move over the bandwidth measured in the same run, or the operations over the rate of a large
 * product, whichever is longer. A step ends when one number of its result has been read.
 *
 * <p>The floor counts a dense step: every weight but the embeddings once, and every state read and
 * written once. Buffers between kernels are not in it, since nothing says that they must exist.
 */
public final class DeviceBench {

  /** Operations on each number of an RWKV-7 state for a token: two products and three updates. */
  private static final int STATE_OPERATIONS = 9;

  /** The same on the way back, where states are worked out once more. */
  private static final int BACK_OPERATIONS = 3 * STATE_OPERATIONS;

  /** Host memory is left for other things. */
  private static final double HOST_SHARE = 0.9;

  private final Kernels kernels;
  private final String name;
  private final ModelShape shape;
  private final DevicePlan plan;
  private final Stopwatch watch;
  private final DeviceRoofs roofs;
  private final Consumer<DeviceFigure> figures;

  private DeviceBench(
      Backend backend,
      Kernels kernels,
      int threads,
      String name,
      DevicePlan plan,
      Consumer<DeviceFigure> figures) {
    this.kernels = kernels;
    this.name = name;
    this.shape = ModelShape.parse(name);
    this.plan = plan;
    this.watch = new Stopwatch(plan.repeats(), plan.seconds());
    this.roofs = DeviceRoofs.measure(backend, kernels, threads, plan, watch);
    this.figures = figures;
  }

  /**
   * Measures one shape.
   *
   * @param name of the shape, as {@link ModelShape#parse} takes it
   * @param figures are told as they are found
   * @throws IllegalArgumentException if there is no such shape
   * @throws DeviceException if the device is lost
   */
  public static void run(
      Backend backend, int threads, String name, DevicePlan plan, Consumer<DeviceFigure> figures) {
    ModelShape shape = ModelShape.parse(name);
    String why = tooLarge(backend, shape);
    if (why != null) {
      figures.accept(new DeviceFigure.Left(name, why));
      return;
    }
    try (Kernels kernels = backend.open(threads)) {
      DeviceBench bench = new DeviceBench(backend, kernels, threads, name, plan, figures);
      figures.accept(new DeviceFigure.Bounds(name, bench.roofs));
      bench.recurrence();
      bench.model();
    }
  }

  /** Why a shape does not fit, or null if it does. */
  private static @Nullable String tooLarge(Backend backend, ModelShape shape) {
    long bytes =
        RandomLayout.official(shape, DType.BF16, Sparsity.NOT_CHOSEN).stream()
            .mapToLong(tensor -> tensor.dtype().bytes(tensor.shape().count()))
            .sum();
    DeviceFacts facts = backend.facts();
    if (facts != null && bytes > facts.freeBytes()) {
      return needs(bytes, facts.freeBytes(), facts.name());
    }
    // The weights are drawn in the computer's memory, from where a device has them uploaded.
    long available = (long) (HOST_SHARE * SystemMemory.available());
    return bytes > available ? needs(bytes, available, "this computer") : null;
  }

  private static String needs(long bytes, long free, String where) {
    return String.format(
        Locale.ROOT, "its weights are %,d bytes, %,d can be had on %s", bytes, free, where);
  }

  private void model() {
    try (RandomModel weights = RandomModel.official(shape, DType.BF16, 1)) {
      Rwkv model = Rwkv.load(weights, kernels, Progress.NONE);
      for (int batch : plan.batches()) {
        String what = batch == 1 ? "decoding" : "decoding %d sequences".formatted(batch);
        unlessTooLarge(what, () -> step(what, model, batch, 1));
      }
      String what = "prefill of %d tokens".formatted(plan.prefill());
      unlessTooLarge(what, () -> step(what, model, 1, plan.prefill()));
    } catch (DeviceException e) {
      left("weights", e);
    }
  }

  private void unlessTooLarge(String what, Runnable work) {
    try {
      work.run();
    } catch (DeviceException | OutOfMemoryError e) {
      left(what, e);
    }
  }

  private void left(String what, Throwable problem) {
    if (problem instanceof DeviceException lost && lost.isLost()) {
      throw lost;
    }
    String why = Objects.requireNonNullElse(problem.getMessage(), problem.toString());
    figures.accept(new DeviceFigure.Left(name + ", " + what, why));
  }

  private void step(String what, Rwkv model, int batch, int time) {
    State state = model.state(batch);
    Buffer logits = model.logits(batch, 1);
    int[] tokens = new Random(1).ints((long) batch * time, 0, shape.vocabulary()).toArray();
    Samples seconds =
        watch.each(() -> model.forward(logits, tokens, time, state, Trace.OFF), logits);
    double weights = model.weightBytesPerToken() / (double) DType.BF16.bytes();
    double head = (double) shape.vocabulary() * shape.channels();
    double perToken =
        2 * (weights - head)
            + (double) STATE_OPERATIONS * shape.layers() * shape.channels() * shape.headSize();
    double bytes = model.weightBytesPerToken() + 2.0 * batch * model.spec().stateBytes();
    double operations = batch * (time * perToken + 2 * head);
    timed(what, seconds, (long) batch * time, bytes, operations);
  }

  private void timed(String what, Samples seconds, long tokens, double bytes, double operations) {
    double floor = roofs.floor(bytes, operations);
    figures.accept(
        new DeviceFigure.Timed(name + ", " + what, seconds, tokens, bytes, operations, floor));
  }

  /** The recurrence of one layer alone, forward and back. */
  private void recurrence() {
    int rows = plan.sequences();
    String size = "[%d, %d, %d]".formatted(rows, plan.time(), shape.channels());
    unlessTooLarge("WKV-7 " + size, () -> recurrence(rows, size));
  }

  private void recurrence(int batch, String size) {
    int heads = shape.channels() / shape.headSize();
    Buffer y = kernels.buffer(batch, plan.time(), shape.channels());
    Buffer state = kernels.buffer(batch, 1, shape.channels() * shape.headSize());
    Inputs in = new Inputs(filled(0), filled(0.9f), filled(0), filled(0), filled(0), filled(0.5f));
    kernels.removalKey7(in.kk, in.kk, ones(), heads);
    Samples forward =
        watch.of(() -> kernels.wkv7(y, state, in.r, in.w, in.k, in.v, in.kk, in.a, heads), y);
    long tokens = (long) batch * plan.time();
    double buffer = (double) tokens * shape.channels() * Float.BYTES;
    double numbers = (double) state.length();
    double states = 2 * numbers * Float.BYTES;
    double work = numbers * plan.time();
    timed("WKV-7 " + size, forward, tokens, 7 * buffer + states, STATE_OPERATIONS * work);

    RecurrenceGradients gradients = kernels.recurrenceGradients();
    String back = "WKV-7 " + size + " backward";
    if (gradients == null) {
      figures.accept(new DeviceFigure.Left(name + ", " + back, "no gradients on this device"));
      return;
    }
    Inputs7 d = new Inputs7(room(), room(), room(), room(), room(), room());
    Inputs7 from = new Inputs7(in.r, in.w, in.k, in.v, in.kk, in.a);
    Buffer dY = filled(0);
    Buffer before = kernels.buffer(batch, 1, state.channels());
    Samples backward =
        watch.of(
            () -> gradients.wkv7(d, null, dY, null, before, from, heads),
            Objects.requireNonNull(d.r()));
    timed(back, backward, tokens, 13 * buffer + states, BACK_OPERATIONS * work);
  }

  private record Inputs(Buffer r, Buffer w, Buffer k, Buffer v, Buffer kk, Buffer a) {}

  private Buffer room() {
    return kernels.buffer(plan.sequences(), plan.time(), shape.channels());
  }

  /** Random numbers within a twentieth of {@code middle}. */
  private Buffer filled(float middle) {
    Buffer made = room();
    Random random = new Random(2);
    float[] row = new float[made.channels()];
    for (int t = 0; t < made.rows(); t++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = middle + (random.nextFloat() - 0.5f) / 10;
      }
      made.write(t * row.length, row, 0, row.length);
    }
    return made;
  }

  private Buffer ones() {
    float[] values = new float[shape.channels()];
    Arrays.fill(values, 1);
    Buffer made = kernels.buffer(1, 1, values.length);
    made.write(0, values, 0, values.length);
    return made;
  }
}
