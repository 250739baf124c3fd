package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.INTS;
import static rwkv.engine.backend.cpu.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Native memory by address. A vector read from one segment of all memory costs the compiler far
 * fewer nodes than one read from a slice, and a kernel may have only so many; whoever uses it
 * answers for the bounds.
 */
final class Native {

  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  private Native() {}

  static IntVector ints(long address) {
    return IntVector.fromMemorySegment(INTS, ALL, address, ORDER);
  }

  static FloatVector floats(long address) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER);
  }

  static void put(long address, FloatVector v) {
    v.intoMemorySegment(ALL, address, ORDER);
  }

  static float real(long address) {
    return ALL.get(FLOAT, address);
  }

  /** Copies numbers of an array. */
  static void put(long address, int[] from, int at, int count) {
    MemorySegment.copy(from, at, ALL, INT, address, count);
  }

  static int get(long address) {
    return ALL.get(INT, address);
  }

  static void put(long address, int value) {
    ALL.set(INT, address, value);
  }
}
