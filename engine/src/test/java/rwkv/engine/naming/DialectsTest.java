package rwkv.engine.naming;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyVersion;
import rwkv.engine.TinyVersion.Sizes;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Whatever a file calls a tensor, it is found under its official name with its numbers. */
class DialectsTest {

  private static final Sizes ONE_HEAD = new Sizes(2, 1, 24, 32, 40);

  static Stream<Arguments> sizes() {
    return Arrays.stream(TinyVersion.values())
        .flatMap(v -> Stream.of(Arguments.of(v, Sizes.SMALL), Arguments.of(v, ONE_HEAD)));
  }

  private static List<Tensor> official(TinyVersion version, Sizes sizes) {
    return version.tensors(Seeds.random("dialect of " + version), sizes);
  }

  private static void assertSame(
      List<Tensor> official, InMemory file, double tolerance, boolean exactShapes) {
    Map<String, Part> parts = OfficialTensors.of(file).parts();
    for (Tensor expected : official) {
      Part part = parts.get(expected.name());
      assertTrue(part != null, () -> expected.name() + " is not among " + parts.keySet());
      Shape shape = part.shape();
      assertEquals(
          exactShapes ? expected.shape() : expected.shape().squeezed(),
          exactShapes ? shape : shape.squeezed(),
          expected.name());
      double[] values = new double[(int) expected.count()];
      Arrays.setAll(values, expected::get);
      assertArrayEquals(values, Undone.values(part), tolerance, expected.name());
    }
    assertEquals(official.size(), parts.size(), () -> "also has " + parts.keySet());
  }

  @ParameterizedTest
  @EnumSource
  void officialNamesStayAsTheyAre(TinyVersion version) {
    List<Tensor> official = official(version, Sizes.SMALL);
    InMemory file = InMemory.safetensors(official);
    assertSame(official, file, 0, true);
    OfficialTensors.of(file)
        .parts()
        .forEach((name, part) -> assertEquals(Part.official(file.tensors().get(name)), part));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void rwkvCppsDecaysAndLowRanksAreUndone(TinyVersion version, Sizes sizes) {
    List<Tensor> official = official(version, sizes);
    Map<String, String> header =
        Map.of(
            "rwkv.cpp.n_vocab", "" + sizes.vocabulary(),
            "rwkv.cpp.n_embed", "" + sizes.channels(),
            "rwkv.cpp.n_layer", "" + sizes.layers());
    InMemory file = InMemory.of("rwkv.cpp .bin", Dialects.rwkvCpp(official), header);
    assertSame(official, file, 1e-4, false);
  }

  @Test
  void flashLinearAttentionsRwkv7IsFound() {
    List<Tensor> official = official(TinyVersion.V7, Sizes.SMALL);
    assertSame(official, InMemory.safetensors(Dialects.fla(official)), 0, false);
  }

  @Test
  void olderFlashLinearAttentionFilesHaveTheMixingWeightsInOneTensor() {
    List<Tensor> official = official(TinyVersion.V7, Sizes.SMALL);
    List<Tensor> joined = new ArrayList<>();
    for (Tensor tensor : Dialects.rwkvCpp(official)) {
      String name = tensor.name();
      if (name.endsWith("x_rwkvag")) {
        Shape shape = Shape.of(6, Sizes.SMALL.channels());
        String fused = name.replace("blocks", "model.layers").replace("att.x_rwkvag", "attn.x_x");
        joined.add(tensor.reshaped(shape).named(fused));
      }
    }
    List<Tensor> stored = new ArrayList<>(Dialects.fla(official));
    stored.removeIf(tensor -> tensor.name().matches(".*attn\\.x_[rwkvag]"));
    stored.addAll(joined);
    assertSame(official, InMemory.safetensors(stored), 0, false);
  }

  @ParameterizedTest
  @EnumSource
  void huggingFaceNamesAreFound(TinyVersion version) {
    List<Tensor> official = official(version, Sizes.SMALL);
    assertSame(official, InMemory.safetensors(Dialects.huggingFace(official)), 0, true);
  }

  @ParameterizedTest
  @EnumSource(names = {"V4", "V5_2", "V6", "V7"})
  void webRwkvNamesAreFound(TinyVersion version) {
    List<Tensor> official = official(version, Sizes.SMALL);
    assertSame(official, InMemory.safetensors(Dialects.webRwkv(official)), 0, true);
  }

  @Test
  void aPartIsCalledWhatTheFileCallsIt() {
    List<Tensor> official = official(TinyVersion.V7, Sizes.SMALL);
    InMemory file = InMemory.safetensors(Dialects.fla(official));
    Map<String, Part> parts = OfficialTensors.of(file).parts();
    assertEquals(
        "model.layers.1.attn.w_lora.lora.0.weight", parts.get("blocks.1.att.w1").tensor().name());
  }

  @Test
  void whatHasNoOfficialNameKeepsItsOwn() {
    List<Tensor> stored = new ArrayList<>(Dialects.fla(official(TinyVersion.V7, Sizes.SMALL)));
    stored.add(Tensor.of("model.layers.0.attn.rotary", Shape.of(1), 1));
    Map<String, Part> parts = OfficialTensors.of(InMemory.safetensors(stored)).parts();
    assertTrue(parts.containsKey("model.layers.0.attn.rotary"));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aJoinedTensorOfAnotherShapeIsRefusedByName(Shape shape) {
    Tensor fused = Tensor.of("blocks.0.att.x_rwkvag", shape, new float[(int) shape.count()]);
    List<Tensor> stored = new ArrayList<>(Dialects.rwkvCpp(official(TinyVersion.V7, Sizes.SMALL)));
    stored.replaceAll(tensor -> tensor.name().equals(fused.name()) ? fused : tensor);
    InMemory file = InMemory.of("rwkv.cpp .bin", stored, Map.of());
    String message =
        assertThrows(CheckpointException.class, () -> OfficialTensors.of(file)).getMessage();
    assertTrue(message.contains("blocks.0.att.x_rwkvag"), message);
    assertTrue(message.contains("6 vectors"), message);
  }

  static Stream<Shape> shapes() {
    return Stream.of(
        Shape.of(5, 1, 24), Shape.of(144), Shape.of(), Shape.of(6, 2, 12), Shape.of(0, 1, 24));
  }

  @Test
  void twoTensorsForOneAreRefused() {
    List<Tensor> stored = new ArrayList<>(Dialects.fla(official(TinyVersion.V7, Sizes.SMALL)));
    stored.add(Tensor.of("model.layers.0.attn.att", Shape.of(1), 1));
    stored.add(stored.get(1).named("model.pre_ln.weight"));
    InMemory file = InMemory.safetensors(stored);
    String message =
        assertThrows(CheckpointException.class, () -> OfficialTensors.of(file)).getMessage();
    assertTrue(message.contains("both stand for blocks.0.ln0.weight"), message);
  }

  @Test
  void aHeaderThatSaysOtherSizesIsRefused() {
    List<Tensor> stored = Dialects.rwkvCpp(official(TinyVersion.V4, Sizes.SMALL));
    for (String key : List.of("n_vocab", "n_embed", "n_layer")) {
      InMemory file = InMemory.of("rwkv.cpp .bin", stored, Map.of("rwkv.cpp." + key, "7"));
      String message =
          assertThrows(CheckpointException.class, () -> OfficialTensors.of(file)).getMessage();
      assertTrue(message.contains("the header says " + key + " 7"), message);
    }
  }

  static Stream<UnaryOperator<List<Tensor>>> unreadable() {
    return Stream.of(
        stored -> with(stored, "model.layers.0.attn.x_proj.0.mu"),
        stored -> with(Dialects.webRwkv(stored), "blocks.0.att.time_state"));
  }

  private static List<Tensor> with(List<Tensor> stored, String name) {
    List<Tensor> more = new ArrayList<>(stored);
    more.removeIf(tensor -> name.startsWith("model") && tensor.name().equals("emb.weight"));
    more.add(Tensor.of(name, Shape.of(1), 1));
    return more;
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void layoutsThatAreNotReadAreRefusedInASentence(UnaryOperator<List<Tensor>> writer) {
    List<Tensor> official = TinyVersion.V7.tensors(new Random(1), Sizes.SMALL);
    InMemory file = InMemory.safetensors(writer.apply(official));
    String message =
        assertThrows(CheckpointException.class, () -> OfficialTensors.of(file)).getMessage();
    assertTrue(message.contains("; open the"), message);
  }
}
