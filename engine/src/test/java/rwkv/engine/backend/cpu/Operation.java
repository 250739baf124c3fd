package rwkv.engine.backend.cpu;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Activation;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;

/**
 * A line of the forward pass and its gradients.
 *
 * @param sources what goes in: {@code F} a full buffer, {@code R} one row, {@code S} one row for
 *     every sequence
 * @param outputs what comes out, likewise; {@code P} a part of a row
 */
record Operation(String name, String sources, String outputs, Forward forward, Backward backward) {

  /** The forward pass, which changes no source. */
  interface Forward {
    void run(Kernels kernels, Buffer[] out, Buffer[] in);
  }

  /** The gradients; those of sources are null where nobody asks for them. */
  interface Backward {
    void run(Gradients g, @Nullable Buffer[] d, @Nullable Buffer[] dOut, Buffer[] in, Buffer[] out);
  }

  static final int PART = 3;

  private static Operation of(
      String name, String in, String out, Forward forward, Backward backward) {
    return new Operation(name, in, out, forward, backward);
  }

  /** Every line that has neither weights nor a recurrence. */
  static Operation[] all() {
    return new Operation[] {
      of("copy", "F", "F", (k, y, x) -> k.copy(y[0], x[0]), (g, d, u, x, y) -> g.copy(d[0], u[0])),
      of("last", "F", "S", (k, y, x) -> k.last(y[0], x[0]), (g, d, u, x, y) -> g.last(d[0], u[0])),
      of(
          "slice",
          "F",
          "P",
          (k, y, x) -> k.slice(y[0], x[0], PART),
          (g, d, u, x, y) -> g.slice(d[0], u[0], PART)),
      norm("layer norm", 1),
      norm("group norm", 3),
      of(
          "token shift",
          "FS",
          "FS",
          (k, y, x) -> {
            k.copy(y[1], x[1]);
            k.tokenShift(y[0], x[0], y[1]);
          },
          (g, d, u, x, y) -> g.tokenShift(d[0], d[1], u[0], u[1])),
      mix("mix, one row", "FFR"),
      mix("mix", "FFF"),
      activation(Activation.IDENTITY),
      activation(Activation.TANH),
      activation(Activation.SIGMOID),
      activation(Activation.SILU),
      activation(Activation.SQUARED_RELU),
      add("add, one row", "FR"),
      add("add", "FF"),
      multiply("multiply, one row", "FR"),
      multiply("multiply", "FF"),
      of(
          "lerp",
          "FFF",
          "F",
          (k, y, x) -> k.lerp(y[0], x[0], x[1], x[2]),
          (g, d, u, x, y) -> g.lerp(d[0], d[1], d[2], u[0], x[0], x[1], x[2])),
      of(
          "decay of version 6",
          "F",
          "F",
          (k, y, x) -> k.decay6(y[0], x[0]),
          (g, d, u, x, y) -> g.decay6(d[0], u[0], x[0], y[0])),
      of(
          "decay of version 7",
          "F",
          "F",
          (k, y, x) -> k.decay7(y[0], x[0]),
          (g, d, u, x, y) -> g.decay7(d[0], u[0], x[0], y[0])),
      of(
          "removal key",
          "FR",
          "F",
          (k, y, x) -> k.removalKey7(y[0], x[0], x[1], 3),
          (g, d, u, x, y) -> g.removalKey7(d[0], d[1], u[0], x[0], x[1], 3)),
      of(
          "replacement key",
          "FFR",
          "F",
          (k, y, x) -> k.replacementKey7(y[0], x[0], x[1], x[2]),
          (g, d, u, x, y) -> g.replacementKey7(d[0], d[1], d[2], u[0], x[0], x[1], x[2])),
      of(
          "bonus",
          "FFRF",
          "F",
          (k, y, x) ->
              k.bonus7(
                  y[0],
                  k.buffer(x[0].batch(), x[0].time(), x[0].channels()),
                  x[0],
                  x[1],
                  x[2],
                  x[3],
                  3),
          (g, d, u, x, y) -> g.bonus7(d[0], d[1], d[2], d[3], u[0], x[0], x[1], x[2], x[3], 3)),
    };
  }

  private static Operation norm(String name, int heads) {
    return of(
        name,
        "FRR",
        "F",
        (k, y, x) -> k.groupNorm(y[0], x[0], x[1], x[2], heads, 1e-3f),
        (g, d, u, x, y) -> g.groupNorm(d[0], d[1], d[2], u[0], x[0], x[1], heads, 1e-3f));
  }

  private static Operation mix(String name, String sources) {
    return of(
        name,
        sources,
        "F",
        (k, y, x) -> k.mix(y[0], x[0], x[1], x[2]),
        (g, d, u, x, y) -> g.mix(d[0], d[1], d[2], u[0], x[1], x[2]));
  }

  private static Operation add(String name, String sources) {
    return of(
        name,
        sources,
        "F",
        (k, y, x) -> k.add(y[0], x[0], x[1]),
        (g, d, u, x, y) -> g.add(d[0], d[1], u[0]));
  }

  private static Operation multiply(String name, String sources) {
    return of(
        name,
        sources,
        "F",
        (k, y, x) -> k.multiply(y[0], x[0], x[1]),
        (g, d, u, x, y) -> g.multiply(d[0], d[1], u[0], x[0], x[1]));
  }

  private static Operation activation(Activation f) {
    return of(
        "activation " + f,
        "F",
        "F",
        (k, y, x) -> k.activate(y[0], x[0], f),
        (g, d, u, x, y) -> g.activate(d[0], u[0], x[0], y[0], f));
  }

  /** Buffers of random numbers, none of them close to where a function has a bend. */
  static Buffer[] random(String shapes, int batch, int time, int channels, Random random) {
    Buffer[] buffers = new Buffer[shapes.length()];
    for (int i = 0; i < buffers.length; i++) {
      Buffer b =
          switch (shapes.charAt(i)) {
            case 'R' -> CpuBuffer.zeros(1, 1, channels);
            case 'S' -> CpuBuffer.zeros(batch, 1, channels);
            case 'P' -> CpuBuffer.zeros(batch, time, channels / 2);
            default -> CpuBuffer.zeros(batch, time, channels);
          };
      float[] values = Seeds.normal(random, b.length(), 1);
      for (int j = 0; j < values.length; j++) {
        values[j] = Math.abs(values[j]) < 0.05f ? 0.5f : values[j];
      }
      b.write(0, values, 0, values.length);
      buffers[i] = b;
    }
    return buffers;
  }

  @Override
  public String toString() {
    return name;
  }
}
