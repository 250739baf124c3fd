package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;
import static rwkv.engine.backend.cpu.Lanes.FLOATS;
import static rwkv.engine.backend.cpu.Lanes.INTS;
import static rwkv.engine.backend.cpu.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Native memory by address. Whoever uses it answers for the bounds, and that the memory is still
 * there.
 *
 * <p>There is one segment of all memory, a constant, so the compiler knows what a read is without
 * having seen any. With a segment that is handed over it must have seen which kind it is; compiled
 * too early it calls a method for every vector, and a product takes four times as long in one
 * process out of eight. It is fewer nodes too, of which a method may have only so many.
 */
final class Native {

  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);

  /** A byte for every lane; there is no vector of less than eight. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * COUNT)));

  private Native() {}

  static IntVector ints(long address) {
    return IntVector.fromMemorySegment(INTS, ALL, address, ORDER);
  }

  static IntVector ints(VectorSpecies<Integer> species, long address) {
    return IntVector.fromMemorySegment(species, ALL, address, ORDER);
  }

  /** A byte to a lane, from 0 to 255. There are at least eight lanes. */
  static IntVector bytes(long address) {
    return (IntVector)
        ByteVector.fromMemorySegment(BYTES, ALL, address, ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
  }

  /** A byte to a lane, from −128 to 127. There are at least eight lanes. */
  static FloatVector signedBytes(long address) {
    return Lanes.floats(
        (IntVector)
            ByteVector.fromMemorySegment(BYTES, ALL, address, ORDER)
                .convertShape(VectorOperators.B2I, INTS, 0));
  }

  /** Eight bytes to eight lanes, from −128 to 127. */
  static FloatVector eightBytes(long address) {
    return (FloatVector)
        ByteVector.fromMemorySegment(ByteVector.SPECIES_64, ALL, address, ORDER)
            .convertShape(VectorOperators.B2F, FloatVector.SPECIES_256, 0);
  }

  /** An f16. */
  static float half(long address) {
    return Float.float16ToFloat(ALL.get(SHORT, address));
  }

  static byte byteAt(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
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
