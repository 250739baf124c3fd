package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.TinyVersion;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.session.Command;
import rwkv.engine.session.Event;
import rwkv.engine.session.Session;
import rwkv.engine.session.SessionThread;
import rwkv.engine.session.Standing;
import rwkv.engine.session.StopRule;

/** A card that fails in the middle of a text takes nothing with it but itself. */
class LostCardTest {

  private static final long GIGABYTE = 1L << 30;

  @TempDir Path folder;

  private Checkpoint small() {
    var random = Seeds.random("a lost card");
    return Checkpoints.open(
        TinyModel.small(TinyVersion.V7).write(folder.resolve("small.safetensors"), random));
  }

  @Test
  void theTextGoesOnOnTheProcessor() {
    EmulatedDriver driver = new EmulatedDriver(null, GIGABYTE);
    try (Checkpoint checkpoint = small();
        Kernels card = new CudaKernels(driver);
        Kernels cpu = Backends.installed().choose("cpu").open(1)) {
      Session lost = Session.of(Rwkv.load(checkpoint, card, Progress.NONE));
      lost.prefill(new int[] {1, 2, 3}, 2, Progress.NONE);
      lost.decode(4);
      driver.launchesLeft = 5;
      assertThrows(DeviceLostException.class, () -> lost.decode(5));
      assertArrayEquals(new int[] {1, 2, 3, 4}, lost.kept().since());
      Rwkv model = Rwkv.load(checkpoint, cpu, Progress.NONE);
      Session again = Session.of(model);
      again.resume(lost.kept(), Progress.NONE);
      Session wanted = Session.of(model);
      wanted.prefill(new int[] {1, 2, 3, 4}, 4, Progress.NONE);
      assertEquals(4, again.position());
      assertArrayEquals(wanted.decode(5), again.decode(5));
    }
  }

  @Test
  void itsSessionEndsWithASentence() throws Exception {
    EmulatedDriver driver = new EmulatedDriver(null, GIGABYTE);
    CompletableFuture<String> said = new CompletableFuture<>();
    try (Checkpoint checkpoint = small();
        Kernels card = new CudaKernels(driver)) {
      Session session = Session.of(Rwkv.load(checkpoint, card, Progress.NONE));
      driver.launchesLeft = 1000;
      try (SessionThread thread =
          new SessionThread(
              session,
              -1,
              event -> {
                if (event instanceof Event.DeviceFailed(String message, boolean isLost) && isLost) {
                  said.complete(message);
                }
              })) {
        thread.send(new Command.Watch(true, true, true, 0, 0));
        thread.send(new Command.Feed(new int[] {1, 2}, 100_000, StopRule.NONE));
        String message = said.get(30, TimeUnit.SECONDS);
        assertEquals("emulated card has failed: launch failure", message);
        Standing standing = thread.standing();
        assertTrue(standing.text().since().length > 2, "tokens that had been made");
        try (Kernels cpu = Backends.installed().choose("cpu").open(1)) {
          Session again = Session.of(Rwkv.load(checkpoint, cpu, Progress.NONE));
          standing.prepare(again, Progress.NONE);
          assertEquals(standing.text().position(), again.position());
          again.decode(5);
        }
      }
    }
  }
}
