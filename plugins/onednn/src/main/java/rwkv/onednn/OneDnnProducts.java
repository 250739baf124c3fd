package rwkv.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.cpu.ManyTokenProducts;
import rwkv.engine.backend.cpu.Team;
import rwkv.engine.tensor.Tensor;
import rwkv.onednn.SliceKernels.Step;

/**
 * Products of many tokens by oneDNN, in pieces on the threads of the kernels: oneDNN itself starts
 * none.
 *
 * <p>Weights are cut into slices of {@link #SLICE} rows, each dequantised, rounded and brought into
 * oneDNN's layout once: a copy of 2 bytes a weight in bf16 (4 in f32), rows and columns filled up
 * to whole tiles, beside the weights themselves. A piece is a slice by up to {@link
 * SliceKernels#MOST_TOKENS} tokens. How the tokens fall into pieces may change a sum's rounding;
 * the number of threads does not.
 */
final class OneDnnProducts implements ManyTokenProducts {

  /** Rows of the weights that a piece multiplies, so that they stay in the second-level cache. */
  static final int SLICE = 128;

  /** A matrix with fewer ins or outs fills no tile. */
  private static final int SMALLEST = 16;

  private record Size(int in, int outs) {}

  /** A slice, and where it begins. */
  private record Slice(int first, int outs, SliceKernels kernels, MemorySegment packed) {}

  private final Arena arena = Arena.ofShared();
  private final Maker maker;
  private final Team team;
  private final Slot[] slots;
  private final Map<Size, Optional<SliceKernels>> kernels = new HashMap<>();
  private MemorySegment activations = MemorySegment.NULL;

  /**
   * @param accepted which of oneDNN's implementations may be used, by name
   */
  OneDnnProducts(OneDnn dnn, Precision precision, Predicate<String> accepted, Team team) {
    this.team = team;
    maker = Maker.of(dnn, precision, accepted, arena);
    slots = new Slot[team.count()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot(maker);
    }
  }

  @Override
  public String name() {
    return "oneDNN in " + maker.precision().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public int leastTokens() {
    return SliceKernels.FEWEST_TOKENS;
  }

  /** oneDNN's name for what would multiply a matrix of that size, accepted or not, if it can. */
  Optional<String> implementation(int in, int out) {
    maker.dnn().alone();
    MemorySegment any = maker.dnn().anyLayout(in, out, maker.precision(), arena);
    return Optional.ofNullable(maker.product(SliceKernels.MOST_TOKENS, in, out, any))
        .map(maker.dnn()::implementation);
  }

  @Override
  public @Nullable Product prepare(Tensor weights) {
    int out = Math.toIntExact(weights.shape().size(0));
    int in = Math.toIntExact(weights.shape().size(1));
    if (Math.min(out, in) < SMALLEST) {
      return null;
    }
    maker.dnn().alone();
    Slice[] slices = new Slice[Math.ceilDiv(out, SLICE)];
    for (int i = 0; i < slices.length; i++) {
      int outs = Math.min(SLICE, out - i * SLICE);
      SliceKernels slice =
          kernels
              .computeIfAbsent(
                  new Size(in, outs), s -> Optional.ofNullable(SliceKernels.of(maker, in, outs)))
              .orElse(null);
      if (slice == null) {
        return null;
      }
      slices[i] = new Slice(i * SLICE, outs, slice, arena.allocate(slice.bytes(), 64));
    }
    team.run(
        slices.length,
        (i, slot) -> {
          Slice s = slices[i];
          slots[slot].pack(weights, s.first(), s.outs(), s.kernels(), s.packed());
        });
    return (to, x, tokens) -> multiply(to, x, tokens, out, in, slices);
  }

  private void multiply(float[] to, float[] x, int tokens, int out, int in, Slice[] slices) {
    int most = SliceKernels.MOST_TOKENS;
    int blocks = Math.ceilDiv(tokens, most);
    long bytes = (long) most * in * maker.precision().bytes();
    if (activations.byteSize() < blocks * bytes) {
      activations = arena.allocate(blocks * bytes, 64);
    }
    MemorySegment taken = activations;
    team.run(
        blocks,
        (block, slot) -> {
          int count = Math.min(most, tokens - block * most);
          Step step = slices[0].kernels().step(count);
          slots[slot].convert(x, block * most * in, count, in, step, part(taken, block, bytes));
        });
    team.run(
        blocks * slices.length,
        (i, slot) -> {
          int block = i % blocks;
          int count = Math.min(most, tokens - block * most);
          Slice slice = slices[i / blocks];
          SliceKernels k = slice.kernels();
          MemorySegment result =
              slots[slot].multiply(
                  k.step(count), part(taken, block, bytes), k.packed(), slice.packed());
          int outs = slice.outs();
          for (int t = 0; t < count; t++) {
            int at = (block * most + t) * out + slice.first();
            MemorySegment.copy(result, JAVA_FLOAT, (long) t * outs * Float.BYTES, to, at, outs);
          }
        });
  }

  private static MemorySegment part(MemorySegment memory, int index, long bytes) {
    return memory.asSlice(index * bytes, bytes);
  }

  @Override
  public void close() {
    arena.close();
  }
}
