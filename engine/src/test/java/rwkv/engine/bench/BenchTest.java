package rwkv.engine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;

/** What measuring promises; never how fast anything was. */
class BenchTest {

  private static final BenchPlan PLAN = new BenchPlan(7, 3, 4, 2, 0);

  @Test
  void mediansAreInTheMiddle() {
    assertEquals(2, new Samples(List.of(3.0, 1.0, 2.0)).median());
    assertEquals(2.5, new Samples(List.of(4.0, 1.0, 2.0, 3.0)).median());
    assertThrows(IllegalArgumentException.class, () -> new Samples(List.of()));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "4096,3", "4097,2", "1000000,2", "5000000,5"})
  void readsRegionsOfAnySizeWithAnyThreads(long bytes, int threads) {
    try (MemoryReader reader = new MemoryReader(bytes, threads)) {
      assertTrue(
          reader.bytes() >= bytes && reader.bytes() < bytes + 4096, () -> "" + reader.bytes());
      assertTrue(reader.measure(0.001) > 0);
    }
  }

  @Test
  void sizesOfTheOperatingSystemAreUnderstood() {
    assertEquals(OptionalLong.of(32 << 20), SystemMemory.parse("32768K\n"));
    assertEquals(OptionalLong.of(1234L << 10), SystemMemory.parse("  1234 kB"));
    assertEquals(OptionalLong.empty(), SystemMemory.parse("much"));
    assertTrue(SystemMemory.available() > 0);
    assertEquals(
        Files.exists(Path.of("/proc/self/status")), SystemMemory.peakResident().isPresent());
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_K"})
  void measuresAModel(DType dtype) {
    try (Engine engine = open(dtype)) {
      BenchResult result = ModelBench.run(engine, 2, PLAN);
      assertEquals(2, result.prefill().values().size());
      assertEquals(2, result.memory().bytesPerSecond().values().size());
      assertEquals(engine.model().weightBytesPerToken(), result.bytesPerToken());
      assertEquals(result.decode().median(), result.share() * result.ceiling(), 1e-6);
      assertTrue(Double.isFinite(result.modelSizedShare()));
    }
  }

  @Test
  void aLongTextIsLookedAtAtTensOfItsLength() {
    try (Engine engine = open(DType.F16)) {
      ConstantCost cost = ConstantCost.run(engine, 1234);
      assertEquals(
          List.of(100, 1000, 1234),
          cost.points().stream().map(ConstantCost.Point::tokens).toList());
      assertTrue(cost.points().stream().allMatch(point -> point.tokensPerSecond() > 0));
      assertEquals(
          List.of(7),
          ConstantCost.run(engine, 7).points().stream().map(ConstantCost.Point::tokens).toList());
      assertThrows(IllegalArgumentException.class, () -> ConstantCost.run(engine, 0));
    }
  }

  @Test
  void lookingAtStatesCopiesAllOfThem() {
    try (Engine engine = open(DType.F16)) {
      TraceCost cost = TraceCost.run(engine, PLAN);
      assertEquals(2L * 64 * 64 * Float.BYTES, cost.copiedBytes());
      assertEquals(2, cost.off().values().size());
      assertEquals(cost.states().median(), (1 - cost.cost()) * cost.off().median(), 1e-6);
    }
  }

  @Test
  void decodesBesideABusyThread() {
    try (Engine engine = open(DType.F16)) {
      BusyCore core = BusyCore.run(engine, PLAN);
      assertEquals(core.busy().median(), core.share() * core.idle().median(), 1e-6);
    }
  }

  @Test
  void theFirstTokenComesAfterLoading() {
    long began = System.nanoTime();
    try (Engine engine = open(DType.F16)) {
      Startup startup = Startup.of(engine, began, Duration.ZERO);
      assertTrue(startup.load() > 0);
      assertTrue(startup.firstToken() > startup.load(), startup::toString);
    }
  }

  private static Engine open(DType dtype) {
    RandomModel model = RandomModel.gguf(new ModelShape(2, 64, 64, 61), dtype, Double.NaN, 1);
    return Engine.open(model, "cpu", 2, LoadOptions.OFFICIAL, Progress.NONE);
  }

  @Test
  void aPlanOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BenchPlan(0, 1, 1, 1, 0));
  }
}
