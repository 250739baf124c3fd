package rwkv.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What oneDNN's products are made with, and where: all of it is destroyed with the arena.
 *
 * @param accepted which of oneDNN's implementations may be used, by name
 */
record Maker(
    OneDnn dnn,
    MemorySegment engine,
    MemorySegment attributes,
    Precision precision,
    Predicate<String> accepted,
    Arena arena) {

  static Maker of(OneDnn dnn, Precision precision, Predicate<String> accepted, Arena arena) {
    dnn.alone();
    MemorySegment engine = dnn.engine(arena);
    return new Maker(dnn, engine, dnn.attributes(arena), precision, accepted, arena);
  }

  /** A matrix as Java has it. */
  MemorySegment rows(int rows, int columns, Precision stored) {
    return dnn.layout(rows, columns, columns, 1, stored, arena);
  }

  /**
   * The product {@code [tokens, outs]} of activations with weights of a layout; null if oneDNN has
   * none.
   */
  @Nullable MemorySegment product(int tokens, int in, int outs, MemorySegment weights) {
    MemorySegment from = rows(tokens, in, precision);
    MemorySegment to = rows(tokens, outs, Precision.F32);
    return dnn.matmul(engine, from, weights, to, attributes, arena);
  }

  /** Whether a product is by an implementation that may be used. */
  boolean accepts(MemorySegment product) {
    return accepted.test(dnn.implementation(product));
  }

  MemorySegment copy(MemorySegment from, MemorySegment to) {
    return dnn.primitive(dnn.reorder(engine, from, to, attributes, arena), arena);
  }

  MemorySegment memory(MemorySegment layout, MemorySegment numbers, Arena until) {
    return dnn.memory(engine, layout, numbers, until);
  }
}
