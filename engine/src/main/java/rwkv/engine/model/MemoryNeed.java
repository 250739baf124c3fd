package rwkv.engine.model;

import rwkv.engine.naming.Part;
import rwkv.engine.tensor.Tensor;

/** How much memory of its own a device needs for a model; an estimate, rather above. */
final class MemoryNeed {

  /** Tokens of a prompt that are read at once. */
  private static final long TOKENS = 128;

  /** Buffers of one row for every token: the residual, and what time mixing and others make. */
  private static final long ROWS = 32;

  /** Logits are asked for after at most as many tokens at once. */
  private static final long PREDICTED = 32;

  /** Key dimension of the largest heads there usually are. */
  private static final long HEAD = 64;

  private MemoryNeed() {}

  /** Bytes for weights, the state of one sequence and working buffers. */
  static long bytes(Outline outline, Weights weights) {
    long stored =
        weights.names().stream().mapToLong(name -> uploaded(name, weights.part(name))).sum();
    long state = outline.layers() * (HEAD + 4) * outline.channels() * Float.BYTES;
    long working = TOKENS * ROWS * outline.channels() * Float.BYTES;
    long logits = PREDICTED * outline.vocabulary() * Float.BYTES;
    return stored + state + working + logits;
  }

  /**
   * Matrices stay as stored; vectors become f32, low-rank projections are there both ways round.
   */
  private static long uploaded(String name, Part part) {
    Tensor tensor = part.tensor();
    long asFloats = Float.BYTES * tensor.count();
    if (tensor.shape().squeezed().rank() < 2) {
      return asFloats;
    }
    if (name.endsWith(".weight") || part.swapped()) {
      return tensor.data().byteSize();
    }
    return 2 * (tensor.dtype().isQuantised() ? asFloats : tensor.data().byteSize());
  }
}
