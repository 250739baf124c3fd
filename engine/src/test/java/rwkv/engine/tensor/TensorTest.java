package rwkv.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {

  @ParameterizedTest
  @CsvSource({
    "F64, 182d4454fb2109c0, -3.141592653589793",
    "F32, 00000080, -0.0",
    "F32, 0000c03f, 1.5",
    "F16, 00be, -1.5",
    "F16, 0100, 5.960464477539063e-8",
    "F16, ff7b, 65504",
    "BF16, c0bf, -1.5",
    "BF16, 7f7f, 3.3895313892515355e38",
    "BF16, 807f, Infinity",
    "I64, feffffffffffffff, -2",
    "I32, 00000080, -2147483648",
    "I16, ffff, -1",
    "I8, 80, -128",
    "U8, 80, 128",
    "BOOL, 01, 1",
  })
  void numbersOfEveryTypeAreRead(DType dtype, String hex, double expected) {
    byte[] one = HexFormat.of().parseHex(hex);
    byte[] unaligned = new byte[one.length + 1];
    System.arraycopy(one, 0, unaligned, 1, one.length);
    MemorySegment data = MemorySegment.ofArray(unaligned).asSlice(1);
    assertEquals(expected, new Tensor("t", dtype, Shape.of(1), data).get(0));
  }

  @Test
  void numbersAreCountedRowByRow() {
    Tensor tensor = Tensor.of("t", Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    assertEquals(4, tensor.get(3));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, tensor.toFloats());
  }

  @ParameterizedTest
  @EnumSource(names = {"F64", "F32", "F16", "BF16", "I32", "I8"})
  void readingManyIsReadingEach(DType dtype) {
    int count = 2100;
    byte[] bytes = new byte[count * dtype.bytes() + 1];
    for (int i = 0; i < bytes.length; i++) {
      // No NaNs, whose bits need not survive.
      bytes[i] = (byte) (i * 37 % 97);
    }
    MemorySegment data = MemorySegment.ofArray(bytes).asSlice(1);
    Tensor tensor = new Tensor("t", dtype, Shape.of(count), data);
    float[] read = new float[count + 5];
    tensor.read(3, count - 4, read, 2);
    for (int i = 0; i < count - 4; i++) {
      assertEquals((float) tensor.get(3 + i), read[2 + i], "number " + i);
    }
    assertEquals(0, read[1]);
    assertEquals(0, read[count - 2]);
  }

  @Test
  void wholeNumbersFormAVector() {
    Tensor tensor = Tensor.of("tokens", 3, -4);
    assertEquals("tokens I32 [2]", tensor.toString());
    assertEquals(-4, tensor.get(1));
  }

  @Test
  void indexesOutsideAreRefused() {
    Tensor tensor = Tensor.of("t", Shape.of(2), 1, 2);
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(2));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(-1));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void theBytesMustFitTypeAndShape(DType dtype) {
    int count = 3 * dtype.blockSize();
    MemorySegment tooFew = MemorySegment.ofArray(new byte[3 * dtype.blockBytes() - 1]);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new Tensor("t", dtype, Shape.of(count), tooFew));
    String named = "t " + dtype + " [" + count + "]";
    assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
  }

  @Test
  void itsBytesCannotBeChangedThroughIt() {
    Tensor tensor = Tensor.of("t", 1);
    assertTrue(tensor.data().isReadOnly());
    assertThrows(
        IllegalArgumentException.class,
        () -> tensor.data().set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
  }

  @Test
  void otherNamesAndShapesShareTheBytes() {
    Tensor tensor = Tensor.of("t", Shape.of(1, 1, 2), 1, 2);
    Tensor other = tensor.reshaped(Shape.of(2)).named("u");
    assertEquals("u F32 [2]", other.toString());
    assertEquals(tensor.data(), other.data());
    assertThrows(IllegalArgumentException.class, () -> tensor.reshaped(Shape.of(3)));
  }

  @Test
  void onlyRealNumbersAreFloating() {
    assertTrue(DType.BF16.isFloating());
    assertTrue(DType.F64.isFloating());
    assertFalse(DType.I64.isFloating());
    assertFalse(DType.BOOL.isFloating());
  }
}
