package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;
import rwkv.engine.bench.DeviceBench;
import rwkv.engine.bench.DeviceFigure;
import rwkv.engine.bench.DevicePlan;
import rwkv.engine.check.CheckPlan;
import rwkv.engine.check.DeviceCheck;
import rwkv.engine.check.Part;

/** What checks and measures a card runs on an emulated one, and leaves nothing behind. */
class CudaCheckTest {

  private static final long GIGABYTE = 1L << 30;

  @TempDir static Path folder;

  private static Emulator emulator;

  private final List<EmulatedDriver> opened = new ArrayList<>();

  @BeforeAll
  static void compile() throws Exception {
    emulator = Emulators.compile(folder);
  }

  /** Every time it is opened a card of its own. */
  private final class Emulated implements Backend {

    @Override
    public String id() {
      return "emulated";
    }

    @Override
    public int preference() {
      return -1;
    }

    @Override
    public Availability availability() {
      return new Availability.Available("emulated card");
    }

    @Override
    public DeviceFacts facts() {
      EmulatedDriver card =
          opened.isEmpty() ? new EmulatedDriver(null, GIGABYTE) : opened.getLast();
      return card.device().facts(card.freeBytes());
    }

    @Override
    public Kernels open(int threads) {
      opened.add(new EmulatedDriver(emulator, GIGABYTE));
      return new CudaKernels(opened.getLast());
    }
  }

  private void nothingIsLeft() {
    for (EmulatedDriver card : opened) {
      assertEquals(0, card.pieces(), "memory that was not freed");
      assertEquals(0, card.graphs(), "graphs that were not destroyed");
      assertEquals(1, card.closed);
    }
  }

  private static Path sample(String name) {
    Path start = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    return Stream.iterate(start, above -> above != null, Path::getParent)
        .map(above -> above.resolve("sample-models").resolve(name))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anEmulatedCardPasses() throws IOException {
    Path models = folder.resolve("models/recall-v7");
    Files.createDirectories(models);
    Files.copy(sample("recall-v7/recall-v7.pth"), models.resolve("recall-v7.pth"));
    long seed = Seeds.random("check of an emulated card").nextLong();
    List<String> lines = new ArrayList<>();
    int failed =
        DeviceCheck.run(
            new Emulated(),
            new CheckPlan(
                EnumSet.of(Part.FACTS, Part.SAMPLES),
                List.of(models.getParent()),
                1,
                true,
                List.of(),
                seed,
                "none"),
            lines::add);
    String table = String.join("\n", lines);
    assertEquals(0, failed, table);
    assertTrue(table.startsWith("- device: emulated card (emulated)\n- driver: CUDA 12.4"), table);
    assertTrue(table.contains("| card |  | compute capability 9.0, 1,073,741,824 bytes"), table);
    assertTrue(table.contains("| every site of recall-v7/recall-v7.pth |"), table);
    nothingIsLeft();
  }

  @Test
  void anEmulatedCardIsMeasured() {
    DevicePlan plan = new DevicePlan(List.of(1, 2), 3, 1, 2, 1, 0, 1 << 14, 8);
    List<DeviceFigure> figures = new ArrayList<>();
    DeviceBench.run(new Emulated(), 1, "1x64x50", plan, figures::add);
    assertTrue(figures.getFirst() instanceof DeviceFigure.Bounds, figures.toString());
    for (String name :
        List.of("WKV-7 [1, 2, 64]", "decoding", "decoding 2 sequences", "prefill of 3 tokens")) {
      assertTrue(
          figures.stream()
              .anyMatch(figure ->
                  figure instanceof DeviceFigure.Timed && figure.what().equals("1x64x50, " + name)),
          name);
    }
    nothingIsLeft();
  }
}
