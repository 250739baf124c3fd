package rwkv.engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows and columns exchanged, for sizes around the tiles' and for those that threads share. */
class TranspositionTest {

  @ParameterizedTest
  @CsvSource({"1,1", "1,200", "63,65", "64,64", "130,3", "700,401"})
  void everyElementOfTwoBytesComesToItsPlace(int rows, int columns) {
    short[] matrix = new short[rows * columns];
    short[] expected = new short[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        short value = (short) (row * 31 + column * 7 + row * column);
        matrix[row * columns + column] = value;
        expected[column * rows + row] = value;
      }
    }
    MemorySegment out = MemorySegment.ofArray(new byte[matrix.length * 2]);
    Transposition.copy(MemorySegment.ofArray(matrix), out, rows, columns, 2);
    assertArrayEquals(expected, out.toArray(ValueLayout.JAVA_SHORT_UNALIGNED));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "200,1", "65,63", "64,64", "3,130", "401,700"})
  void everyElementOfFourBytesComesToItsPlace(int rows, int columns) {
    int[] matrix = new int[rows * columns];
    int[] expected = new int[rows * columns];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = i;
      expected[i % columns * rows + i / columns] = i;
    }
    MemorySegment out = MemorySegment.ofArray(new byte[matrix.length * 4]);
    Transposition.copy(MemorySegment.ofArray(matrix), out, rows, columns, 4);
    assertArrayEquals(expected, out.toArray(ValueLayout.JAVA_INT_UNALIGNED));
  }
}
