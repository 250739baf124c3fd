package rwkv.onednn;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What oneDNN has generated for slices {@code [outs, in]} of weights, in the one layout in which it
 * multiplies them fastest.
 *
 * @param stored layout of a slice as f32, row-major
 * @param packed layout of a slice as it is multiplied
 * @param bytes of a packed slice
 * @param pack from the one to the other
 * @param steps by how many tokens they multiply at once
 */
record SliceKernels(
    MemorySegment stored,
    MemorySegment packed,
    long bytes,
    MemorySegment pack,
    NavigableMap<Integer, Step> steps) {

  /** Tokens that are multiplied at once, at most: each slice is read once for them. */
  static final int MOST_TOKENS = 128;

  /** Rows of a matrix unit's tile: fewer tokens cost as much as that. */
  static final int FEWEST_TOKENS = 16;

  /**
   * A product with a fixed number of tokens.
   *
   * @param given layout of the activations as f32
   * @param taken layout of the activations as they are multiplied
   * @param result layout of what comes out
   * @param scratchpad layout of working memory
   * @param convert from given to taken
   * @param multiply the product
   */
  record Step(
      MemorySegment given,
      MemorySegment taken,
      MemorySegment result,
      MemorySegment scratchpad,
      MemorySegment convert,
      MemorySegment multiply) {}

  /** Null if there is only what is not accepted. */
  static @Nullable SliceKernels of(Maker maker, int in, int outs) {
    OneDnn dnn = maker.dnn();
    MemorySegment any = dnn.anyLayout(in, outs, maker.precision(), maker.arena());
    MemorySegment largest = maker.product(MOST_TOKENS, in, outs, any);
    if (largest == null || !maker.accepts(largest)) {
      return null;
    }
    MemorySegment packed = dnn.weights(largest);
    NavigableMap<Integer, Step> steps = new TreeMap<>();
    steps.put(MOST_TOKENS, step(maker, MOST_TOKENS, in, outs, largest));
    for (int tokens = FEWEST_TOKENS; tokens < MOST_TOKENS; tokens *= 2) {
      MemorySegment product = maker.product(tokens, in, outs, packed);
      if (product != null && maker.accepts(product)) {
        steps.put(tokens, step(maker, tokens, in, outs, product));
      }
    }
    MemorySegment stored = dnn.layout(in, outs, 1, in, Precision.F32, maker.arena());
    return new SliceKernels(stored, packed, dnn.bytes(packed), maker.copy(stored, packed), steps);
  }

  private static Step step(Maker maker, int tokens, int in, int outs, MemorySegment product) {
    MemorySegment given = maker.rows(tokens, in, Precision.F32);
    MemorySegment taken = maker.rows(tokens, in, maker.precision());
    return new Step(
        given,
        taken,
        maker.rows(tokens, outs, Precision.F32),
        maker.dnn().scratchpad(product),
        maker.copy(given, taken),
        maker.dnn().primitive(product, maker.arena()));
  }

  /** The smallest that takes so many tokens. */
  Step step(int tokens) {
    Map.Entry<Integer, Step> step = steps.ceilingEntry(tokens);
    if (step == null) {
      throw new IllegalArgumentException(tokens + " tokens at once, at most " + MOST_TOKENS);
    }
    return step.getValue();
  }
}
