package rwkv.engine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.convert.Conversion;
import rwkv.engine.convert.Converter;
import rwkv.engine.convert.FileFormat;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Models of random weights are as models of that shape are. */
class RandomModelTest {

  private static final ModelShape SMALL = new ModelShape(2, 128, 64, 97);

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q5_1", "Q4_0", "Q4_K", "Q6_K"})
  void tensorsAreThoseOfAConvertedFile(DType dtype, @TempDir Path folder) {
    Path file = folder.resolve("converted.gguf");
    RandomModel official = RandomModel.official(SMALL, DType.BF16, 1);
    try (Engine engine = open(official)) {
      Conversion wanted = new Conversion(file, FileFormat.GGUF, dtype, null);
      Converter.convert(official, engine.spec(), wanted, Progress.NONE);
    }
    try (Checkpoint converted = Checkpoints.open(file);
        RandomModel random = RandomModel.gguf(SMALL, dtype, Double.NaN, 1)) {
      assertEquals(outline(converted), outline(random));
    }
  }

  private static TreeSet<String> outline(Checkpoint checkpoint) {
    return new TreeSet<>(checkpoint.tensors().values().stream().map(Tensor::toString).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "0.1b, 12, 768, 64, 32, 128",
    "0.4B, 24, 1024, 64, 32, 128",
    "1.5B, 24, 2048, 96, 64, 256",
    "2.9B, 32, 2560, 96, 64, 320",
    "7.2B, 32, 4096, 128, 96, 480"
  })
  void publishedShapesHaveTheirRanks(
      String name, int layers, int channels, int decay, int value, int gate) {
    ModelShape shape = ModelShape.parse(name);
    assertEquals(new ModelShape(layers, channels, 64, 65536), shape);
    assertEquals(
        List.of(decay, decay, value, gate),
        List.of(shape.rank("w"), shape.rank("a"), shape.rank("v"), shape.rank("g")));
  }

  @Test
  void shapesCanBeWrittenAsSizes() {
    assertEquals(new ModelShape(3, 192, 64, 65536), ModelShape.parse("3x192"));
    assertEquals(new ModelShape(3, 192, 64, 99), ModelShape.parse("3x192x99"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1B", "3", "3x", "0x64", "3x65", "3x0", "99999999999x64", "-1x64"})
  void whatIsNoShapeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ModelShape.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"0, F16", "0.5, Q8_0", "0.9, Q4_0", "0.9, Q4_K", "0.99, F32"})
  void asManyActivationsAreZeroAsWereAskedFor(double share, DType dtype) {
    ModelShape shape = new ModelShape(3, 512, 64, 97);
    try (Engine engine = open(RandomModel.gguf(shape, dtype, share, 1))) {
      assertEquals(share, Zeros.share(engine, 24).orElseThrow(), 0.03);
    }
  }

  @Test
  void otherwiseAboutHalfAreZero() {
    ModelShape shape = new ModelShape(3, 256, 64, 97);
    try (Engine engine = open(RandomModel.gguf(shape, DType.Q5_0, Double.NaN, 1))) {
      assertEquals(0.5, Zeros.share(engine, 24).orElseThrow(), 0.1);
      float[] logits = engine.session().prefill(new int[] {1, 2, 3, 4, 5}, 5, Progress.NONE);
      for (float logit : logits) {
        assertTrue(Math.abs(logit) < 100, () -> "a logit of " + logit);
      }
    }
  }

  @Test
  void impossibleSharesAndTypesAreRefused() {
    for (double share : new double[] {-0.1, 1, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> RandomModel.gguf(SMALL, DType.F16, share, 1));
    }
    ModelShape narrow = new ModelShape(1, 32, 32, 9);
    assertThrows(IllegalArgumentException.class, () -> RandomModel.gguf(narrow, DType.F16, 0.9, 1));
    assertThrows(
        IllegalArgumentException.class, () -> RandomModel.gguf(SMALL, DType.I8, Double.NaN, 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "Q4_1"})
  void oneSeedGivesOneModel(DType dtype) {
    try (RandomModel a = RandomModel.gguf(SMALL, dtype, Double.NaN, 3);
        RandomModel b = RandomModel.gguf(SMALL, dtype, Double.NaN, 3);
        RandomModel c = RandomModel.gguf(SMALL, dtype, Double.NaN, 4)) {
      a.tensors()
          .forEach((name, tensor) ->
              assertEquals(-1, tensor.data().mismatch(b.tensors().get(name).data())));
      String name = "output.weight";
      assertNotEquals(-1, a.tensors().get(name).data().mismatch(c.tensors().get(name).data()));
    }
  }

  private static Engine open(Checkpoint checkpoint) {
    return Engine.open(checkpoint, "cpu", 2, LoadOptions.OFFICIAL, Progress.NONE);
  }
}
