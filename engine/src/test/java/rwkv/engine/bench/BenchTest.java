package rwkv.engine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;

/** What measuring promises; never how fast anything was. */
class BenchTest {

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
  @EnumSource(names = {"F32", "F16", "BF16"})
  void measuresAModel(DType dtype, @TempDir Path folder) {
    Path file = folder.resolve("random.safetensors");
    try (RandomModel model = new RandomModel(new RandomModel.Size(2, 32, 16, 61, dtype), 1)) {
      SafetensorsWriter.write(file, model.tensors().values(), Map.of());
    }
    try (Engine engine = Engine.open(file, "cpu", 2, Progress.NONE)) {
      BenchResult result = ModelBench.run(engine, 2, new BenchPlan(7, 3, 4, 2, 0));
      assertEquals(2, result.prefill().values().size());
      assertEquals(2, result.memory().bytesPerSecond().values().size());
      assertEquals(engine.model().weightBytesPerToken(), result.bytesPerToken());
      assertEquals(result.decode().median(), result.share() * result.ceiling(), 1e-6);
      assertTrue(Double.isFinite(result.modelSizedShare()));
    }
  }

  @Test
  void aPlanOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BenchPlan(0, 1, 1, 1, 0));
  }

  @Test
  void randomModelsOfOneSeedAreTheSame() {
    RandomModel.Size size = new RandomModel.Size(1, 16, 8, 5, DType.BF16);
    try (RandomModel a = new RandomModel(size, 3);
        RandomModel b = new RandomModel(size, 3)) {
      a.tensors()
          .forEach((name, tensor) ->
              assertEquals(-1, tensor.data().mismatch(b.tensors().get(name).data())));
    }
  }
}
