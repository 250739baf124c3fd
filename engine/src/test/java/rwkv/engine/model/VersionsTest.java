package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import rwkv.engine.TinyModel;
import rwkv.engine.TinyVersion;
import rwkv.engine.TinyVersion.Sizes;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Versions are told apart by their tensors, and each says which of them is wrong. */
class VersionsTest {

  private static final int CHANNELS = 24;

  @TempDir Path folder;

  private Path write(TinyModel model, UnaryOperator<List<Tensor>> change) {
    Path file = folder.resolve("model.safetensors");
    List<Tensor> tensors = new ArrayList<>(model.tensors(new Random(1)));
    SafetensorsWriter.write(file, change.apply(tensors), Map.of());
    return file;
  }

  private Engine open(TinyVersion version, UnaryOperator<List<Tensor>> change) {
    return Engine.open(write(TinyModel.small(version), change), "cpu", 1, Progress.NONE);
  }

  /** A checkpoint without a file. */
  private record InMemory(Map<String, Tensor> tensors) implements Checkpoint {
    @Override
    public Path path() {
      return Path.of("model.safetensors");
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

  private static void refused(
      TinyVersion version, UnaryOperator<List<Tensor>> change, String... words) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<Tensor> made = new ArrayList<>(TinyModel.small(version).tensors(new Random(1)));
    change.apply(made).forEach(tensor -> tensors.put(tensor.name(), tensor));
    CheckpointException problem;
    try (Kernels kernels = Backends.installed().choose("cpu").open(1)) {
      problem =
          assertThrows(
              CheckpointException.class,
              () -> Rwkv.load(new InMemory(tensors), kernels, Progress.NONE));
    }
    for (String word : words) {
      assertTrue(problem.getMessage().contains(word), problem.getMessage());
    }
    assertTrue(problem.getMessage().contains("model.safetensors"), problem.getMessage());
  }

  private static UnaryOperator<List<Tensor>> without(String name) {
    return tensors -> tensors.stream().filter(t -> !t.name().equals(name)).toList();
  }

  private static UnaryOperator<List<Tensor>> shaped(String name, long... sizes) {
    Shape shape = Shape.of(sizes);
    return tensors ->
        tensors.stream().map(t -> t.name().equals(name) ? zeros(name, shape) : t).toList();
  }

  private static UnaryOperator<List<Tensor>> with(String name) {
    return tensors ->
        Stream.concat(tensors.stream(), Stream.of(zeros(name, Shape.of(2, 2)))).toList();
  }

  private static Tensor zeros(String name, Shape shape) {
    return Tensor.of(name, shape, new float[(int) shape.count()]);
  }

  @ParameterizedTest
  @EnumSource
  void everyVersionIsRecognisedByItsTensors(TinyVersion version) {
    try (Engine engine = open(version, UnaryOperator.identity())) {
      ModelSpec spec = engine.spec();
      boolean heads = version != TinyVersion.V4;
      assertEquals(Version.valueOf(version.name()), spec.version());
      assertEquals(CHANNELS, spec.channels());
      assertEquals(2, spec.layers());
      assertEquals(heads ? 3 : 1, spec.heads());
      assertEquals(heads ? 8 : CHANNELS, spec.headSize());
      assertEquals(56, spec.ffnChannels());
      assertEquals(61, spec.vocabulary());
      int state = heads ? CHANNELS * (2 + 8) : CHANNELS * 5;
      assertEquals(2L * state * 4, spec.stateBytes());
    }
  }

  /** One head makes [1, 24] of a decay for every channel, which is not a decay for every head. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "V4")
  void aModelOfOneHeadIsRecognised(TinyVersion version) {
    TinyModel model = new TinyModel(version, new Sizes(1, 1, CHANNELS, 20, 9));
    Path file = write(model, UnaryOperator.identity());
    try (Engine engine = Engine.open(file, "cpu", 1, Progress.NONE)) {
      assertEquals(Version.valueOf(version.name()), engine.spec().version());
      assertEquals(1, engine.spec().heads());
      assertEquals(CHANNELS, engine.spec().headSize());
    }
  }

  @Test
  void ranksOfVersion6ComeFromTheTensors() {
    try (Engine engine = open(TinyVersion.V6, UnaryOperator.identity())) {
      assertEquals(Map.of("mix", 5, "w", 7), engine.spec().ranks());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyTensorOfEveryVersionIsNeeded(TinyVersion version) {
    for (Tensor tensor : TinyModel.small(version).tensors(new Random(1))) {
      String name = tensor.name();
      boolean tellsTheVersion = name.startsWith("blocks.0.att.") || name.equals("emb.weight");
      String[] words = tellsTheVersion ? new String[] {""} : new String[] {name, "missing"};
      refused(version, without(name), words);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTensorOfAnotherShapeIsNamedInEveryVersion(TinyVersion version) {
    for (Tensor tensor : TinyModel.small(version).tensors(new Random(1))) {
      String name = tensor.name();
      if (name.startsWith("blocks.1.")) {
        refused(version, shaped(name, 3, 7), name, "[3,7]");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V4, head_q.weight, copy head",
    "V4, head_k.weight, copy head",
    "V4, blocks.1.tiny_ln.weight, tiny attention",
    "V4, blocks.1.tiny_q.weight, tiny attention",
    "V4, blocks.1.tiny_k.weight, tiny attention",
    "V4, blocks.1.tiny_v.weight, tiny attention",
    "V4, blocks.1.tiny_mask, tiny attention",
    "V5_2, tiny_mask, tiny attention",
    "V4, blocks.0.ffnPre.key.weight, first block",
    "V4, blocks.0.pos_emb_x, position",
    "V6, blocks.0.att.gate_w1, RWKV-6a",
    "V6, blocks.0.att.gate_w2, RWKV-6a",
    "V6, blocks.0.att.time_maa_rkvw_w1, experimental RWKV-6",
    "V7, blocks.0.ffn.enn.weight, RWKV-8 rc00",
    "V7, blocks.0.qkv.emm.weight, rc00-hybrid",
    "V5_0, blocks.1.att.gate.weight, does not know",
    "V4, blocks.1.att.time_mix_g, does not know",
    "V6, blocks.1.ffn.x_k, does not know",
  })
  void tensorsOfVariantsAreRefusedByName(TinyVersion version, String name, String words) {
    refused(version, with(name), name, words);
  }

  @Test
  void version6WithoutAGateIsRefused() {
    refused(TinyVersion.V6, without("blocks.0.att.gate.weight"), "gate.weight", "without a gate");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "V7")
  void anotherWidthOfTimeMixingIsRefused(TinyVersion version) {
    String key = "blocks.0.att.key.weight";
    refused(version, shaped(key, 16, CHANNELS), key, "16 channels wide and the residual 24");
  }

  @Test
  void headsThatDoNotShareOutTheChannelsAreRefused() {
    refused(TinyVersion.V5_1, shaped("blocks.0.att.time_decay", 5), "time_decay", "[5]", "24");
    refused(TinyVersion.V5_2, shaped("blocks.0.att.time_decay", 3, 9), "time_decay", "[3,9]");
    refused(TinyVersion.V6, shaped("blocks.0.att.time_faaaa", 3, 9), "time_faaaa", "[3,9]", "24");
  }

  @ParameterizedTest
  @EnumSource(names = {"V5_0", "V5_1", "V5_2", "V6"})
  void aTimeStateIsTransposedIntoKeyByValue(TinyVersion version) {
    float[] numbers = new float[3 * 8 * 8];
    numbers[(1 * 8 + 2) * 8 + 5] = 2.5f; // head 1, value 2, key 5
    UnaryOperator<List<Tensor>> change =
        tensors -> {
          tensors.add(Tensor.of("blocks.1.att.time_state", Shape.of(3, 8, 8), numbers));
          return tensors;
        };
    try (Engine engine = open(version, change)) {
      int part = engine.spec().statePart(StatePart.ATT_KV);
      assertEquals(2.5f, engine.session().snapshot().values(1, part)[(1 * 8 + 5) * 8 + 2]);
    }
  }

  @Test
  void theGroupNormsEpsilonCanBeChosenForVersion5Only() {
    LoadOptions options = LoadOptions.groupNormEps(1e-5f);
    for (TinyVersion version : TinyVersion.values()) {
      Path file = write(TinyModel.small(version), UnaryOperator.identity());
      if (version.name().startsWith("V5")) {
        try (Engine official = Engine.open(file, "cpu", 1, Progress.NONE);
            Engine other = Engine.open(file, "cpu", 1, options, Progress.NONE)) {
          float[] logits = official.session().decode(3);
          float[] others = other.session().decode(3);
          assertFalse(Arrays.equals(logits, others), version.name());
          assertEquals(options, other.options());
        }
      } else {
        CheckpointException problem =
            assertThrows(
                CheckpointException.class,
                () -> Engine.open(file, "cpu", 1, options, Progress.NONE).close());
        assertTrue(problem.getMessage().contains("RWKV-5 only"), problem.getMessage());
      }
    }
    assertThrows(IllegalArgumentException.class, () -> LoadOptions.groupNormEps(0));
    assertThrows(IllegalArgumentException.class, () -> LoadOptions.groupNormEps(Float.NaN));
  }
}
