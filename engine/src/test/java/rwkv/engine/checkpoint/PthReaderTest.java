package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class PthReaderTest {

  @TempDir Path folder;

  @Test
  void aPlainDictionaryGivesItsTensorsInOrder() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("b").tensor("FloatStorage", "0", 2, 3).text("a").tensor("FloatStorage", "1", 1);
    try (Checkpoint checkpoint = open(two().pickle(pickle.op('u').stop()))) {
      assertEquals("PyTorch .pth", checkpoint.format());
      assertEquals(List.of("b", "a"), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals(Map.of(), checkpoint.metadata());
      Tensor b = Tensors.require(checkpoint, "b");
      assertEquals(DType.F32, b.dtype());
      assertEquals(Shape.of(2, 3), b.shape());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, b.toFloats());
      assertArrayEquals(new float[] {7}, Tensors.require(checkpoint, "a").toFloats());
    }
  }

  @Test
  void anOrderedDictWithAttributesIsReadLikeAPlainOne() throws IOException {
    PickleBuilder pickle = new PickleBuilder().orderedDict().op('(');
    pickle.text("a").tensor("FloatStorage", "1", 1).op('u');
    pickle.op('}').text("_metadata").orderedDict().op('s').op('b');
    try (Checkpoint checkpoint = open(two().pickle(pickle.stop()))) {
      assertEquals(List.of("a"), List.copyOf(checkpoint.tensors().keySet()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state_dict", "model", "model_state_dict", "module"})
  void aDictionaryOneStepDownIsFound(String wrapper) throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(').text("epoch").number(3);
    pickle.text(wrapper).op('}').text("a").tensor("FloatStorage", "1", 1).op('s');
    pickle.text("optimizer").op('}').text("step").number(1).op('s');
    try (Checkpoint checkpoint = open(two().pickle(pickle.op('u').stop()))) {
      assertEquals(List.of("a"), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals(Map.of("epoch", "3", "optimizer", "(a dictionary of 1)"), checkpoint.metadata());
    }
  }

  @Test
  void whatAConvertedFileSaysOfItselfStaysVisible() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("a").tensor("FloatStorage", "1", 1).text("_strategy").text("cuda fp16i8");
    pickle.text("_version").op('G').raw(0x3f, 0xe6, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66);
    pickle.text("_rescale_layer").number(6).text("done").raw(0x88).text("extra").op(']');
    try (Checkpoint checkpoint = open(two().pickle(pickle.op('u').stop()))) {
      assertEquals(List.of("a"), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals("cuda fp16i8", checkpoint.metadata().get("_strategy"));
      assertEquals("0.7", checkpoint.metadata().get("_version"));
      assertEquals("6", checkpoint.metadata().get("_rescale_layer"));
      assertEquals("true", checkpoint.metadata().get("done"));
      assertEquals("(a list of 0)", checkpoint.metadata().get("extra"));
    }
  }

  @Test
  void numbersOfAnyWidthAreRead() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("a").tensor("FloatStorage", "1", 1).text("zero").raw(0x8a, 0);
    pickle.text("minus one").raw(0x8a, 1, 0xff).text("255").raw(0x8a, 2, 0xff, 0);
    pickle.text("wide").number(-1L << 62).text("int").number(-70_000).text("u2").number(65_535);
    pickle.text("long4").raw(0x8b, 3, 0, 0, 0, 0, 0, 0x80);
    try (Checkpoint checkpoint = open(two().pickle(pickle.op('u').stop()))) {
      assertEquals(
          "{zero=0, minus one=-1, 255=255, wide=-4611686018427387904, int=-70000, u2=65535,"
              + " long4=-8388608}",
          checkpoint.metadata().toString());
    }
  }

  @Test
  void aDictionaryBesideTensorsIsNotTheModel() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("model").op('}').text("b").tensor("FloatStorage", "0", 6).op('s');
    pickle.text("a").tensor("FloatStorage", "1", 1);
    try (Checkpoint checkpoint = open(two().pickle(pickle.op('u').stop()))) {
      assertEquals(List.of("a"), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals(Map.of("model", "(a dictionary of 1)"), checkpoint.metadata());
    }
  }

  @Test
  void theWrapperPrefixOfDeepSpeedIsStripped() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}');
    pickle.text("_forward_module.emb.weight").tensor("FloatStorage", "0", 6).op('s');
    try (Checkpoint checkpoint = open(two().pickle(pickle.stop()))) {
      assertEquals("emb.weight", Tensors.require(checkpoint, "emb.weight").name());
    }
  }

  @Test
  void aParameterIsItsTensor() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').text("a");
    pickle.global("torch._utils", "_rebuild_parameter").op('(');
    pickle.tensor("FloatStorage", "1", 1).raw(0x88).orderedDict().op('t').op('R').op('s');
    try (Checkpoint checkpoint = open(two().pickle(pickle.stop()))) {
      assertArrayEquals(new float[] {7}, Tensors.require(checkpoint, "a").toFloats());
    }
  }

  @Test
  void protocolFourIsReadToo() throws IOException {
    PickleBuilder pickle = new PickleBuilder().raw(0x80, 4, 0x95).little(8, 1000);
    pickle.op('}').raw(0x94).raw(0x8c, 1, 'a').raw(0x94);
    pickle.raw(0x8c, 12).utf8("torch._utils").raw(0x8c, 18).utf8("_rebuild_tensor_v2");
    pickle.raw(0x93).raw(0x94).op('(').storage("FloatStorage", "1", 1).number(0);
    pickle.numbers(1).numbers(1).raw(0x89).op('N').op('t').op('R').op('s').op('h').raw(0);
    try (Checkpoint checkpoint = open(two().pickle(pickle.stop()))) {
      assertArrayEquals(new float[] {7}, Tensors.require(checkpoint, "a").toFloats());
    }
  }

  @ParameterizedTest
  @EnumSource(StorageType.class)
  void everyStorageTypeIsRead(StorageType type) throws IOException {
    String name = type.global().substring("torch.".length());
    byte[] data = new byte[3 * type.dtype().bytes()];
    data[data.length - 1] = 1;
    PickleBuilder pickle = new PickleBuilder().op('}').text("a").tensor(name, "x", 3).op('s');
    try (Checkpoint checkpoint =
        open(new PthBuilder().pickle(pickle.stop()).entry("data/x", data))) {
      Tensor a = Tensors.require(checkpoint, "a");
      assertEquals(type.dtype(), a.dtype());
      assertEquals(0, a.get(1));
      assertEquals(1, Math.signum(a.get(2)));
    }
  }

  @Test
  void scalarsAndEmptyTensorsAreRead() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("scalar").tensor("FloatStorage", "1").text("none").tensor("FloatStorage", "2", 0);
    PthBuilder pth = two().storage("2").pickle(pickle.op('u').stop());
    try (Checkpoint checkpoint = open(pth)) {
      assertArrayEquals(new float[] {7}, Tensors.require(checkpoint, "scalar").toFloats());
      assertEquals(Shape.of(), Tensors.require(checkpoint, "scalar").shape());
      assertArrayEquals(new float[] {}, Tensors.require(checkpoint, "none").toFloats());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "rwkv-x070", "ünïcode", "12"})
  void theFolderInsideMayHaveAnyName(String root) throws IOException {
    try (Checkpoint checkpoint = open(one().root(root))) {
      assertEquals(root, checkpoint.savedAs());
      assertArrayEquals(new float[] {7}, Tensors.require(checkpoint, "a").toFloats());
    }
  }

  @Test
  void littleEndianFilesMaySaySo() throws IOException {
    byte[] little = "little".getBytes(StandardCharsets.US_ASCII);
    open(one().entry("byteorder", little).entry(".format_version", new byte[] {'1'})).close();
  }

  @Test
  void bigEndianFilesAreRefused() throws IOException {
    byte[] big = "big".getBytes(StandardCharsets.US_ASCII);
    Refused.opening(write(one().entry("byteorder", big)), "byte order big", "little");
  }

  @Test
  void aStorageOfAnotherSizeThanItsEntryIsRefused() throws IOException {
    PthBuilder pth = one().storage("1", 1, 2);
    Refused.opening(write(pth), "tensor a", "1 numbers of 4 bytes", "data/1 has 8 bytes");
  }

  @Test
  void aMissingStorageIsNamed() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').text("a").tensor("FloatStorage", "9", 1);
    Refused.opening(write(two().pickle(pickle.op('s').stop())), "tensor a", "archive/data/9");
  }

  @Test
  void whatIsNoDictionaryOfTensorsIsRefused() throws IOException {
    byte[] number = new PickleBuilder().number(1).stop();
    Refused.opening(write(two().pickle(number)), "holds a whole number", "dictionary of tensors");
    byte[] empty = new PickleBuilder().op('}').stop();
    Refused.opening(write(two().pickle(empty)), "holds no tensors");
    byte[] text = new PickleBuilder().op('}').text("lr").text("1e-4").op('s').stop();
    Refused.opening(write(two().pickle(text)), "holds no tensors", "lr");
  }

  @Test
  void aTensorWithoutANameIsRefused() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').number(0).tensor("FloatStorage", "1", 1);
    Refused.opening(write(two().pickle(pickle.op('s').stop())), "a tensor by a whole number");
  }

  @Test
  void aNameThatStandsTwiceIsRefused() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("a").tensor("FloatStorage", "1", 1).text("a").tensor("FloatStorage", "1", 1);
    Refused.opening(write(two().pickle(pickle.op('u').stop())), "a stands in the file twice");
  }

  @Test
  void namesThatBecomeEqualWithoutThePrefixAreRefused() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("a").tensor("FloatStorage", "1", 1);
    pickle.text("_forward_module.a").tensor("FloatStorage", "1", 1);
    Refused.opening(write(two().pickle(pickle.op('u').stop())), "a stands in the file twice");
  }

  @Test
  void tensorsAreGoneAfterClosing() throws IOException {
    Checkpoint checkpoint = open(one());
    Tensor tensor = Tensors.require(checkpoint, "a");
    checkpoint.close();
    checkpoint.close();
    assertThrows(IllegalStateException.class, () -> tensor.get(0));
  }

  /** Storage "0" with 1..6 and storage "1" with 7. */
  private static PthBuilder two() {
    return new PthBuilder().storage("0", 1, 2, 3, 4, 5, 6).storage("1", 7);
  }

  /** A whole file with the tensor "a", which is [7]. */
  private static PthBuilder one() {
    PickleBuilder pickle = new PickleBuilder().op('}').text("a").tensor("FloatStorage", "1", 1);
    return two().pickle(pickle.op('s').stop());
  }

  private Path write(PthBuilder pth) throws IOException {
    return pth.writeTo(folder.resolve("model.pth"));
  }

  private Checkpoint open(PthBuilder pth) throws IOException {
    return Checkpoints.open(write(pth));
  }
}
