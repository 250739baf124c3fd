package rwkv.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static rwkv.onednn.OneDnn.ARG_SCRATCHPAD;
import static rwkv.onednn.OneDnn.ARG_SOURCE;
import static rwkv.onednn.OneDnn.ARG_TO;
import static rwkv.onednn.OneDnn.ARG_WEIGHTS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import rwkv.engine.tensor.Tensor;
import rwkv.onednn.OneDnn.Argument;
import rwkv.onednn.SliceKernels.Step;

/** One thread's stream and working memory. Every method may be called on a different thread. */
final class Slot {

  private static final int ALIGNMENT = 64;

  private final Maker maker;
  private final OneDnn dnn;
  private final MemorySegment stream;
  private float[] row = {};
  private MemorySegment stored = MemorySegment.NULL;
  private MemorySegment result = MemorySegment.NULL;
  private MemorySegment scratchpad = MemorySegment.NULL;

  Slot(Maker maker) {
    this.maker = maker;
    dnn = maker.dnn();
    stream = dnn.stream(maker.engine(), maker.arena());
  }

  /** packed ← rows {@code first} to {@code first + outs} of the weights */
  void pack(Tensor weights, int first, int outs, SliceKernels kernels, MemorySegment packed) {
    dnn.alone();
    int in = Math.toIntExact(weights.shape().size(1));
    stored = atLeast(stored, (long) outs * in * Float.BYTES);
    if (row.length < in) {
      row = new float[in];
    }
    for (int i = 0; i < outs; i++) {
      weights.read((long) (first + i) * in, in, row, 0);
      MemorySegment.copy(row, 0, stored, JAVA_FLOAT, (long) i * in * Float.BYTES, in);
    }
    copy(kernels.pack(), kernels.stored(), stored, kernels.packed(), packed);
  }

  /** taken ← {@code count} rows of x from number {@code at} on */
  void convert(float[] x, int at, int count, int in, Step step, MemorySegment taken) {
    dnn.alone();
    stored = atLeast(stored, dnn.bytes(step.given()));
    MemorySegment.copy(x, at, stored, JAVA_FLOAT, 0, count * in);
    copy(step.convert(), step.given(), stored, step.taken(), taken);
  }

  private void copy(
      MemorySegment primitive,
      MemorySegment fromLayout,
      MemorySegment from,
      MemorySegment toLayout,
      MemorySegment to) {
    try (Arena call = Arena.ofConfined()) {
      dnn.execute(
          primitive,
          stream,
          new Argument(ARG_SOURCE, maker.memory(fromLayout, from, call)),
          new Argument(ARG_TO, maker.memory(toLayout, to, call)));
    }
  }

  /** The product, {@code [tokens, outs]}; good until the next call. */
  MemorySegment multiply(
      Step step, MemorySegment taken, MemorySegment weightsLayout, MemorySegment weights) {
    dnn.alone();
    result = atLeast(result, dnn.bytes(step.result()));
    scratchpad = atLeast(scratchpad, dnn.bytes(step.scratchpad()));
    try (Arena call = Arena.ofConfined()) {
      dnn.execute(
          step.multiply(),
          stream,
          new Argument(ARG_SOURCE, maker.memory(step.taken(), taken, call)),
          new Argument(ARG_WEIGHTS, maker.memory(weightsLayout, weights, call)),
          new Argument(ARG_TO, maker.memory(step.result(), result, call)),
          new Argument(ARG_SCRATCHPAD, maker.memory(step.scratchpad(), scratchpad, call)));
    }
    return result;
  }

  /** Working memory of at least so many bytes, the old one if it has them. */
  private MemorySegment atLeast(MemorySegment old, long bytes) {
    boolean enough = old.byteSize() >= bytes;
    return enough ? old : maker.arena().allocate(bytes, ALIGNMENT);
  }
}
