package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.TinyModel8;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * The versions after RWKV-7 are told by their tensors, and say what is wrong with which of them.
 */
class Loading8Test {

  @TempDir Path folder;

  private Engine open(List<Tensor> tensors, Map<String, String> metadata, LoadOptions options) {
    Path file = folder.resolve("model.safetensors");
    SafetensorsWriter.write(file, tensors, metadata);
    return Engine.open(file, "cpu", 1, options, Progress.NONE);
  }

  private static List<Tensor> tensors(TinyModel8 version) {
    return new ArrayList<>(version.tensors(new Random(1), TinyModel8.small()));
  }

  private void refused(TinyModel8 version, List<Tensor> tensors, String... words) {
    CheckpointException problem =
        assertThrows(
            CheckpointException.class,
            () -> open(tensors, version.metadata(), LoadOptions.OFFICIAL).close());
    for (String word : words) {
      assertTrue(problem.getMessage().contains(word), problem.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theVersionAndTheStateAreToldByTheTensors(TinyModel8 version) {
    try (Engine engine = open(tensors(version), version.metadata(), LoadOptions.OFFICIAL)) {
      ModelSpec spec = engine.spec();
      List<String> parts = spec.stateParts().stream().map(StatePart::name).toList();
      switch (version) {
        case V7A -> {
          assertEquals(Version.V7A, spec.version());
          assertEquals(List.of("att_x", "att_kv", "ffn_x"), parts);
        }
        case V7B -> {
          assertEquals(Version.V7B, spec.version());
          assertEquals(List.of("att_x", "att_kv", "ffn_x", "q_prev", "k_cache", "v_cache"), parts);
          assertEquals(Shape.of(10, 3), spec.stateParts().get(4).shape(10));
          assertEquals(2 * (3 + 9) * 4 + 4, spec.stateBytesPerToken());
        }
        case ROSA_1, ROSA_4 -> {
          assertEquals(Version.V8_ROSA, spec.version());
          assertEquals(List.of("ffn_x", "rosa_x", "rosa_q", "rosa_k", "rosa_v"), parts);
          assertEquals(2 * 3 * 2 * 4 + 4, spec.stateBytesPerToken());
        }
        case ROSA_7 -> {
          assertEquals(Version.V8_ROSA_7, spec.version());
          assertEquals(
              List.of("att_x", "att_kv", "ffn_x", "rosa_x", "rosa_q", "rosa_k", "rosa_v"), parts);
        }
      }
    }
  }

  static Stream<TinyModel8> versions() {
    return Stream.of(TinyModel8.values());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyMissingTensorIsNamed(TinyModel8 version) {
    for (Tensor missing : tensors(version)) {
      String name = missing.name();
      boolean optional = name.contains("ln0");
      boolean telling = name.matches("emb.weight|blocks\\.0\\.(att\\.r_k|.*q+\\.weight|.*s_emb.*)");
      if (!optional && !telling) {
        List<Tensor> rest = tensors(version);
        rest.removeIf(tensor -> tensor.name().equals(name));
        refused(version, rest, name, "missing");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyTensorOfAnotherShapeIsNamed(TinyModel8 version) {
    for (Tensor wrong : tensors(version)) {
      String name = wrong.name();
      boolean unused = name.equals("blocks.1.ln0.weight");
      boolean telling =
          name.matches(
              "emb.weight|blocks\\.\\d\\.att\\..*|.*\\.ffn\\.key.*"
                  + "|.*\\.(qq.weight|[kvs]1|q.weight)");
      if (!unused && !telling) {
        long rows = wrong.shape().squeezed().size(0) + 1;
        Shape shape = wrong.shape().squeezed().rank() == 1 ? Shape.of(rows) : Shape.of(rows, 24);
        List<Tensor> tensors = tensors(version);
        Tensor other = Tensor.of(name, shape, new float[(int) shape.count()]);
        tensors.replaceAll(tensor -> tensor.name().equals(name) ? other : tensor);
        refused(version, tensors, name.replaceFirst("\\.\\w+$", ""));
      }
    }
  }

  @Test
  void aTensorNobodyKnowsIsRefusedByName() {
    for (TinyModel8 version : TinyModel8.values()) {
      List<Tensor> tensors = tensors(version);
      tensors.add(Tensor.of("blocks.1.ffn.other", Shape.of(2), 1, 2));
      refused(version, tensors, "blocks.1.ffn.other");
    }
  }

  @Test
  void theSizeOfASymbolIsChosenOrSaidOrToldByTheNameOrTheWidth() {
    Map<String, String> said = new HashMap<>(Map.of("rosa_bits", "3"));
    List<Tensor> tensors = tensors(TinyModel8.ROSA_4);
    CheckpointException odd =
        assertThrows(
            CheckpointException.class, () -> open(tensors, said, LoadOptions.OFFICIAL).close());
    assertTrue(odd.getMessage().contains("rosa_bits should be 1 or 4, found 3"), odd.getMessage());
    CheckpointException nothing =
        assertThrows(
            CheckpointException.class, () -> open(tensors, Map.of(), LoadOptions.OFFICIAL).close());
    assertTrue(nothing.getMessage().contains("1 or 4 channels"), nothing.getMessage());
    open(tensors, Map.of(), LoadOptions.rosaBits(4)).close();
    open(tensors, Map.of(), LoadOptions.rosaBits(1)).close();
    Path named = folder.resolve("my-RWKV-ROSA-4bit-x.safetensors");
    SafetensorsWriter.write(named, tensors, Map.of());
    Engine.open(named, "cpu", 1, Progress.NONE).close();
    assertThrows(IllegalArgumentException.class, () -> LoadOptions.rosaBits(2));
    CheckpointException seven =
        assertThrows(
            CheckpointException.class,
            () -> open(tensors(TinyModel8.V7A), Map.of(), LoadOptions.rosaBits(4)).close());
    assertTrue(seven.getMessage().contains("ROSA only"), seven.getMessage());
  }

  @Test
  void embeddingTablesAreNotCountedAsReadForEveryToken() {
    try (Engine engine = open(tensors(TinyModel8.V7B), Map.of(), LoadOptions.OFFICIAL)) {
      long rows = 60L * 4 * (24 + 2 * (35 + 19 + 24));
      assertEquals(engine.spec().weightBytes() - rows, engine.model().weightBytesPerToken());
    }
  }
}
