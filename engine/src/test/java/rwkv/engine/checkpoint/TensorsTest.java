package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class TensorsTest {

  private static final Tensor MIX = Tensor.of("mix", Shape.of(1, 1, 3), 1, 2, 3);
  private static final Tensor IDS = Tensor.of("ids", 4, 5);
  private static final Checkpoint FILE = new InMemory(Map.of("mix", MIX, "ids", IDS));

  private record InMemory(Map<String, Tensor> tensors) implements Checkpoint {
    @Override
    public Path path() {
      return Path.of("model.pth");
    }

    @Override
    public String format() {
      return "memory";
    }

    @Override
    public Map<String, String> metadata() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  @Test
  void tensorsAreFoundByName() {
    assertSame(MIX, Tensors.require(FILE, "mix"));
    refused(() -> Tensors.require(FILE, "emb.weight"), "tensor emb.weight is missing");
  }

  @Test
  void shapesMustBeEqual() {
    assertSame(MIX, Tensors.require(FILE, "mix", Shape.of(1, 1, 3)));
    refused(
        () -> Tensors.require(FILE, "mix", Shape.of(3)),
        "tensor mix should have the shape [3], found [1,1,3]");
  }

  @Test
  void dimensionsOfOneMayBeOverlooked() {
    assertEquals(Shape.of(3), Tensors.requireSqueezed(FILE, "mix", Shape.of(3)).shape());
    assertEquals(Shape.of(3, 1), Tensors.requireSqueezed(FILE, "mix", Shape.of(3, 1)).shape());
    refused(() -> Tensors.requireSqueezed(FILE, "mix", Shape.of(4)), "shape [4], found [1,1,3]");
  }

  @Test
  void numbersMustBeFloating() {
    Tensors.requireFloating(FILE, MIX);
    refused(() -> Tensors.requireFloating(FILE, IDS), "tensor ids", "floating", "found I32");
  }

  @Test
  void numbersMustBeFinite() {
    Tensors.requireFinite(FILE, MIX);
    Tensor bad = Tensor.of("bad", Shape.of(2), 1, Float.POSITIVE_INFINITY);
    refused(() -> Tensors.requireFinite(FILE, bad), "tensor bad F32 [2]", "Infinity at index 1");
  }

  @ParameterizedTest
  @EnumSource(names = {"F64", "F32", "F16", "BF16"})
  void theFirstNonFiniteNumberIsFoundWhereverItStands(DType dtype) {
    for (int count = 1; count < 20; count++) {
      for (int at = 0; at < count; at++) {
        for (double bad :
            new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
          double[] values = new double[count];
          values[at] = bad;
          values[count - 1] = at == count - 1 ? bad : Double.NaN;
          assertEquals(OptionalLong.of(at), Tensors.findNonFinite(tensor(dtype, values)));
        }
      }
    }
  }

  /** Large tensors are looked through in pieces of a megabyte, by several threads. */
  @ParameterizedTest
  @EnumSource(names = {"F64", "F32", "F16", "BF16"})
  void theFirstNonFiniteNumberIsFoundAtTheBordersOfPieces(DType dtype) {
    int piece = (1 << 20) / dtype.bytes();
    int count = 3 * piece + 1;
    for (int at : new int[] {0, piece - 1, piece, 2 * piece + 4096, 3 * piece - 1, 3 * piece}) {
      byte[] bytes = new byte[count * dtype.bytes()];
      setNaN(bytes, at, dtype);
      setNaN(bytes, count - 1, dtype);
      Tensor tensor = new Tensor("large", dtype, Shape.of(count), MemorySegment.ofArray(bytes));
      assertEquals(OptionalLong.of(at), Tensors.findNonFinite(tensor));
    }
  }

  private static void setNaN(byte[] bytes, int index, DType dtype) {
    byte[] nan = tensor(dtype, new double[] {Double.NaN}).data().toArray(ValueLayout.JAVA_BYTE);
    System.arraycopy(nan, 0, bytes, index * dtype.bytes(), nan.length);
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K"})
  void theFirstBlockWithoutAFiniteScaleIsFoundWhereverItStands(DType dtype) {
    int piece = 1 << 14;
    int blocks = 2 * piece + 1;
    int size = dtype.blockSize();
    for (int at : new int[] {0, 1, piece - 1, piece, 2 * piece}) {
      byte[] bytes = new byte[blocks * dtype.blockBytes()];
      for (int block : new int[] {at, blocks - 1}) {
        // The scale, an f16, is the first thing in a block.
        bytes[block * dtype.blockBytes() + 1] = 0x7c;
      }
      Shape shape = Shape.of((long) blocks * size);
      Tensor tensor = new Tensor("large", dtype, shape, MemorySegment.ofArray(bytes));
      assertEquals(OptionalLong.of((long) at * size), Tensors.findNonFinite(tensor));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F64", "F32", "F16", "BF16"})
  void everyFiniteNumberPasses(DType dtype) {
    byte[] bits = new byte[8 * 4096];
    Random random = Seed.pick(TensorsTest.class).random();
    random.nextBytes(bits);
    Tensor any =
        new Tensor(
            "any", dtype, Shape.of(bits.length / dtype.bytes()), MemorySegment.ofArray(bits));
    double[] finite = new double[bits.length / dtype.bytes()];
    for (int i = 0; i < finite.length; i++) {
      finite[i] = Double.isFinite(any.get(i)) ? any.get(i) : 0;
    }
    assertEquals(OptionalLong.empty(), Tensors.findNonFinite(tensor(dtype, finite)));
    double[] extremes = {0, -0.0, 65504, -65504, 1e-7, -1e-30, 1, -1, Double.MIN_VALUE};
    assertEquals(OptionalLong.empty(), Tensors.findNonFinite(tensor(dtype, extremes)));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {
        "F64", "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void wholeNumbersAreFinite(DType dtype) {
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) -1);
    Shape shape = Shape.of(64 / dtype.bytes());
    Tensor tensor = new Tensor("ones", dtype, shape, MemorySegment.ofArray(ones));
    assertEquals(OptionalLong.empty(), Tensors.findNonFinite(tensor));
  }

  private static Tensor tensor(DType dtype, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * dtype.bytes());
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (dtype) {
        case F64 -> bytes.putDouble(value);
        case F32 -> bytes.putFloat((float) value);
        case F16 -> bytes.putShort(Float.floatToFloat16((float) value));
        default -> bytes.putShort((short) (Float.floatToIntBits((float) value) >> 16));
      }
    }
    MemorySegment data = MemorySegment.ofArray(bytes.array());
    return new Tensor("t", dtype, Shape.of(values.length), data);
  }

  private static void refused(Executable check, String... parts) {
    CheckpointException refusal = assertThrows(CheckpointException.class, check);
    Refused.assertSays(refusal, Stream.concat(Stream.of("model.pth"), Stream.of(parts)));
  }
}
