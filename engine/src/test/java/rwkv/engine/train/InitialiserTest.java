package rwkv.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.checkpoint.PthWriter;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Every parameter begins as the official trainers have it. */
class InitialiserTest {

  @TempDir Path folder;

  private static Map<String, Tensor> tensors(Version version, long seed) {
    ModelPlan plan = ModelPlan.of(version, 3, 24, 8).withVocabulary(61);
    return new Initialiser(plan, plan.officialDecays(), seed).tensors(Progress.NONE);
  }

  private static float[] floats(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError(name + " is missing");
    }
    return tensor.toFloats();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "5, 1",
    "1, 5",
    "7, 7",
    "64, 64",
    "65, 63",
    "63, 130",
    "300, 65",
    "200, 200",
    "2048, 96"
  })
  void theShorterSideOfAnOrthogonalMatrixIsOrthonormal(int rows, int columns) {
    float[] q =
        OrthogonalMatrix.draw(rows, columns, 0.5, new SplittableRandom(rows), Progress.NONE);
    int n = Math.min(rows, columns);
    int along = rows < columns ? 1 : columns;
    int across = rows < columns ? columns : 1;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          dot += (double) q[a * across + i * along] * q[b * across + i * along];
        }
        assertEquals(a == b ? 0.25 : 0, dot, 1e-6, "columns " + a + " and " + b);
      }
    }
  }

  @Test
  void orthogonalMatricesFavourNoDirection() {
    double sum = 0;
    double fourth = 0;
    int draws = 400;
    for (int i = 0; i < draws; i++) {
      float x = OrthogonalMatrix.draw(8, 8, 1, new SplittableRandom(i), Progress.NONE)[i % 64];
      sum += x;
      fourth += Math.pow(x, 4);
    }
    assertEquals(0, sum / draws, 0.06);
    // Of a number of a random unit vector in 8 dimensions: 3 / (8 · 10).
    assertEquals(0.0375, fourth / draws, 0.012);
  }

  @Test
  void sevenBeginsAsPublished() {
    Map<String, Tensor> seven = tensors(Version.V7, 3);
    String att = "blocks.1.att.";
    double n = 10 / 23.0;
    double z = (2 - 3.5) / 3.5;
    double zigzag = -z * z;
    double w0 = -6 + 6 * Math.pow(n, 1 + Math.pow(0.5, 0.3)) + 0.5 + 2.5 * zigzag;
    assertEquals(w0, floats(seven, att + "w0")[10], 1e-5);
    assertEquals(-0.19 + 0.3 * zigzag + 0.4 * (n - 0.5), floats(seven, att + "a0")[10], 1e-6);
    assertEquals(0.73 - 0.4 * (n - 0.5), floats(seven, att + "v0")[10], 1e-6);
    assertEquals(0.71 - 0.1 * (n - 0.5), floats(seven, att + "k_k")[10], 1e-6);
    assertEquals(1.02f, floats(seven, att + "k_a")[0]);
    assertEquals(-0.04f, floats(seven, att + "r_k")[0]);
    double rho = 1 - 1 / 3.0;
    assertEquals(1 - Math.pow(10 / 24.0, 0.2 * rho), floats(seven, att + "x_r")[10], 1e-6);
    assertEquals(1 - Math.pow(10 / 24.0, 0.9 * rho), floats(seven, att + "x_w")[10], 1e-6);
    assertEquals(1 - Math.pow(10 / 24.0, 0.7 * rho), floats(seven, att + "x_v")[10], 1e-6);
    float xk = floats(seven, "blocks.1.ffn.x_k")[10];
    assertEquals(1 - Math.pow(10 / 24.0, Math.pow(rho, 4)), xk, 1e-6);
    assertEquals(Math.pow(2 / 3.0, 0.7), floats(seven, att + "ln_x.weight")[5], 1e-6);
    assertFalse(seven.containsKey("blocks.0.att.v0"), "layer 0 has no value residual");
    assertEquals("[1,1,24]", seven.get(att + "x_g").shape().toString());
    assertEquals("[3,8]", seven.get(att + "r_k").shape().toString());
    assertZero(seven, att + "w1", att + "g1", att + "output.weight", "blocks.2.ffn.value.weight");
    // 32 x 24, gain 0.1 √(32/24): columns of that length.
    assertEquals(24 * 0.01 * 32 / 24, squares(seven, att + "w2"), 1e-6);
    assertEquals(24, squares(seven, att + "receptance.weight"), 1e-4);
    assertEquals(24 * 0.01, squares(seven, att + "key.weight"), 1e-6);
    assertEquals(24, squares(seven, "blocks.0.ffn.key.weight"), 1e-4);
    assertEquals(24 * 0.25 * 61 / 24, squares(seven, "head.weight"), 1e-4);
    assertRange(floats(seven, "emb.weight"), 1e-4);
  }

  @Test
  void sixAndFiveBeginAsPublished() {
    Map<String, Tensor> six = tensors(Version.V6, 3);
    String att = "blocks.2.att.";
    double n = 10 / 23.0;
    assertEquals(-6 + 5 * n * n, floats(six, att + "time_decay")[10], 1e-5);
    assertEquals(1 - n + 0.1 * (11 % 3 - 1), floats(six, att + "time_faaaa")[10], 1e-6);
    double mixed = Math.pow(10 / 24.0, 1 / 3.0);
    assertEquals(1 - mixed - 0.3, floats(six, att + "time_maa_v")[10], 1e-6);
    assertEquals(1 - Math.sqrt(mixed), floats(six, att + "time_maa_g")[10], 1e-6);
    float r = floats(six, "blocks.2.ffn.time_maa_r")[10];
    assertEquals(1 - Math.pow(10 / 24.0, 1 / 27.0), r, 1e-6);
    assertZero(six, att + "time_maa_w1", att + "time_decay_w1", "blocks.0.ffn.receptance.weight");
    assertRange(floats(six, att + "time_maa_w2"), 0.01);
    assertRange(floats(six, att + "time_decay_w2"), 0.01);
    assertEquals("[5,32,24]", six.get(att + "time_maa_w2").shape().toString());
    assertEquals("[1,1,24]", six.get(att + "time_decay").shape().toString());
    assertEquals(24 * 0.01, squares(six, att + "gate.weight"), 1e-6);
    Map<String, Tensor> five = tensors(Version.V5_2, 3);
    assertEquals("[3,8]", five.get(att + "time_decay").shape().toString());
    assertArrayEquals(floats(six, att + "time_decay"), floats(five, att + "time_decay"));
    assertEquals(mixed + 0.3, floats(five, att + "time_mix_v")[10], 1e-6);
  }

  @Test
  void fourBeginsAsPublished() {
    Map<String, Tensor> four = tensors(Version.V4, 3);
    String att = "blocks.1.att.";
    double n = 10 / 23.0;
    assertEquals(-5 + 8 * Math.pow(n, 1.35), floats(four, att + "time_decay")[10], 1e-5);
    assertEquals(Math.log(0.3) + 0.5, floats(four, att + "time_first")[10], 1e-6);
    double mixed = Math.pow(10 / 24.0, 2 / 3.0);
    assertEquals(mixed, floats(four, att + "time_mix_k")[10], 1e-6);
    assertEquals(mixed + 0.15, floats(four, att + "time_mix_v")[10], 1e-6);
    assertEquals(Math.sqrt(mixed), floats(four, att + "time_mix_r")[10], 1e-6);
    assertZero(four, att + "key.weight", att + "receptance.weight", att + "output.weight");
    assertEquals(24, squares(four, att + "value.weight"), 1e-4);
    assertEquals(24 * 4, squares(four, "blocks.1.ffn.key.weight"), 1e-3);
    assertFalse(four.containsKey(att + "ln_x.weight"));
  }

  private static void assertZero(Map<String, Tensor> tensors, String... names) {
    for (String name : names) {
      float[] numbers = floats(tensors, name);
      assertArrayEquals(new float[numbers.length], numbers, name);
    }
  }

  private static double squares(Map<String, Tensor> tensors, String name) {
    double sum = 0;
    for (float x : floats(tensors, name)) {
      sum += (double) x * x;
    }
    return sum;
  }

  private static void assertRange(float[] numbers, double bound) {
    double most = 0;
    double least = 0;
    for (float x : numbers) {
      most = Math.max(most, x);
      least = Math.min(least, x);
    }
    assertTrue(most <= bound * 1.0001 && most > 0.95 * bound, "largest " + most);
    assertTrue(least >= -bound * 1.0001 && least < -0.95 * bound, "smallest " + least);
  }

  @ParameterizedTest
  @EnumSource(
      value = Version.class,
      names = {"V4", "V5_0", "V5_1", "V5_2", "V6", "V7"})
  void theWrittenModelRunsInTheSizesAskedFor(Version version) {
    for (int[] size : new int[][] {{3, 24, 8}, {1, 1, 1}, {2, 16, 8}}) {
      ModelPlan plan =
          ModelPlan.of(version, size[0], size[1], size[2]).withVocabulary(61).withFfnChannels(56);
      Path file = folder.resolve(version + "-" + size[1] + ".pth");
      Initialiser made = new Initialiser(plan, plan.officialDecays(), 1);
      PthWriter.writeSources(file, made.sources(DType.BF16, Progress.NONE), Map.of());
      try (Engine engine = Engine.open(file, "reference", 1, Progress.NONE)) {
        ModelSpec spec = engine.spec();
        assertEquals(version(version, plan), spec.version());
        assertEquals(plan.layers(), spec.layers());
        assertEquals(plan.channels(), spec.channels());
        assertEquals(61, spec.vocabulary());
        assertEquals(56, spec.ffnChannels());
        assertEquals(made.parameters(), spec.parameters());
        assertEquals(plan.heads(), spec.heads());
        for (float logit : engine.session().prefillAll(new int[] {5, 7, 60})) {
          assertTrue(Float.isFinite(logit));
        }
      }
    }
  }

  /** Heads of one channel are all that tells 5.2 from 5.1. */
  private static Version version(Version asked, ModelPlan plan) {
    return asked == Version.V5_2 && plan.headSize() == 1 ? Version.V5_1 : asked;
  }

  @Test
  void aTensorDependsOnTheSeedAndItsNameAlone() {
    Map<String, Tensor> first = tensors(Version.V7, 3);
    Map<String, Tensor> again = tensors(Version.V7, 3);
    Map<String, Tensor> other = tensors(Version.V7, 4);
    first.forEach(
        (name, tensor) -> assertArrayEquals(tensor.toFloats(), floats(again, name), name));
    assertFalse(Arrays.equals(floats(first, "emb.weight"), floats(other, "emb.weight")));
    String key = "att.value.weight";
    assertFalse(Arrays.equals(floats(first, "blocks.0." + key), floats(first, "blocks.1." + key)));
  }

  @Test
  void ranksAreTheOfficialOnesUnlessOthersAreGiven() {
    assertEquals(
        Map.of("w", 64, "a", 64, "v", 32, "g", 128), ModelPlan.of(Version.V7, 12, 768).ranks());
    assertEquals(
        Map.of("w", 64, "a", 64, "v", 64, "g", 160), ModelPlan.of(Version.V7, 24, 1024).ranks());
    assertEquals(
        Map.of("w", 160, "a", 160, "v", 96, "g", 320), ModelPlan.of(Version.V7, 32, 4096).ranks());
    assertEquals(Map.of("mix", 64, "w", 128), ModelPlan.of(Version.V6, 32, 4096).ranks());
    assertEquals(2688, ModelPlan.of(Version.V6, 12, 768).ffnChannels());
    ModelPlan small = ModelPlan.of(Version.V7, 2, 64).withRanks(Map.of("g", 7));
    assertEquals(7, small.ranks().get("g"));
    assertEquals(32, small.ranks().get("w"));
    assertThrows(IllegalArgumentException.class, () -> small.withRanks(Map.of("x", 1)));
    assertThrows(IllegalArgumentException.class, () -> small.withRanks(Map.of("g", 0)));
    assertThrows(IllegalArgumentException.class, () -> ModelPlan.of(Version.V7, 2, 65));
    assertThrows(IllegalArgumentException.class, () -> ModelPlan.of(Version.V7A, 2, 64));
  }
}
