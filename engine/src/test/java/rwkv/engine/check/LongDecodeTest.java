package rwkv.engine.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;

/** A long text shows memory that grows and numbers that are none. */
class LongDecodeTest {

  private static final int TOKENS = 1200;

  @TempDir Path folder;

  private Row run(Backend backend, LongDecode.Memory memory) {
    Path file = folder.resolve("model.safetensors");
    TinyModel.SMALL.write(file, Seeds.random("long decode"));
    try (Checkpoint checkpoint = Checkpoints.open(file);
        Kernels kernels = backend.open(1)) {
      return LongDecode.run(kernels, checkpoint, TOKENS, memory);
    }
  }

  @Test
  void theHeapDoesNotGrow() {
    Backend cpu = Backends.installed().choose("cpu");
    Row row = run(cpu, LongDecode.memory(cpu));
    assertEquals(Outcome.PASSED, row.outcome(), row.markdown());
  }

  @Test
  void memoryThatGrowsIsSeenEvenIfItShrinksAgain() {
    AtomicLong looks = new AtomicLong();
    LongDecode.Memory memory =
        new LongDecode.Memory(() -> looks.incrementAndGet() == 4 ? 1100 : 1000, 100);
    Row row = run(Backends.installed().choose("cpu"), memory);
    assertEquals(Outcome.FAILED, row.outcome(), row.markdown());
    assertTrue(looks.get() > 5, "looked " + looks + " times");
  }

  @Test
  void numbersThatAreNoneAreSeen() {
    Backend wrong = PlantedBackend.of(PlantedBackend.wrong("wkv7", Float.NaN));
    Row row = run(wrong, new LongDecode.Memory(() -> 0, 1));
    assertEquals(Outcome.FAILED, row.outcome(), row.markdown());
  }
}
