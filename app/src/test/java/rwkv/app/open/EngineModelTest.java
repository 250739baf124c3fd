package rwkv.app.open;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.analysis.TensorStatistics;
import rwkv.engine.backend.Backends;
import rwkv.engine.bench.ModelShape;
import rwkv.engine.bench.RandomModel;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** A model of the engine and those who read its file beside it. */
class EngineModelTest {

  @TempDir Path folder;
  private EngineModel model;

  @BeforeEach
  void open() {
    Path file = folder.resolve("random.safetensors");
    ModelShape shape = new ModelShape(1, 32, 16, 100);
    try (RandomModel random = RandomModel.official(shape, DType.BF16, 1)) {
      SafetensorsWriter.write(file, random.tensors().values(), Map.of());
    }
    model =
        new EngineModel(
            Engine.open(file, "reference", 1, Progress.NONE),
            Backends.installed().choose("reference"));
  }

  private Tensor tensor() {
    return model.tensors().get("emb.weight");
  }

  @Test
  void readsTheTensorsOfItsFile() {
    TensorStatistics statistics =
        model.read(progress -> TensorStatistics.of(tensor(), progress), Progress.NONE);
    assertEquals(3200, statistics.finite());
    model.close();
  }

  @Test
  void whoeverReadsMayEndIt() {
    assertThrows(
        CancellationException.class,
        () ->
            model.read(
                progress -> TensorStatistics.of(tensor(), progress),
                _ -> {
                  throw new CancellationException();
                }));
    model.close();
  }

  @Test
  void closingWaitsForWhoeverReadsAndEndsIt() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    FutureTask<Double> reader =
        new FutureTask<>(() ->
            model.read(
                progress -> {
                  reading.countDown();
                  while (true) {
                    // Fails unless the file is still mapped.
                    tensor().get(7);
                    progress.at(0);
                  }
                },
                Progress.NONE));
    Thread thread = Thread.ofPlatform().daemon().start(reader);
    reading.await();
    model.close();
    thread.join();
    ExecutionException end = assertThrows(ExecutionException.class, reader::get);
    assertTrue(end.getCause() instanceof CancellationException, end.toString());
  }

  @Test
  void warmingUpLeavesNothingBehindInSessions() throws Exception {
    Path file = model.file();
    model.close();
    try (Engine engine = Engine.open(file, "auto", 2, Progress.NONE)) {
      Session before = engine.session();
      Session during = engine.session();
      before.decode(3);
      during.decode(3);
      engine.warmUp(Duration.ofMillis(50), Progress.NONE);
      assertArrayEquals(before.decode(5), during.decode(5));
      Session after = engine.session();
      after.decode(3);
      assertArrayEquals(before.logits(), after.decode(5));
    }
  }

  @Test
  void closingEndsTheWarmUp() throws Exception {
    Thread warmUp = model.warmUp();
    model.close();
    assertTrue(warmUp.join(Duration.ofMinutes(1)));
  }

  @Test
  void nothingIsReadAfterTheEnd() {
    model.close();
    boolean[] touched = {false};
    assertThrows(
        CancellationException.class,
        () ->
            model.read(
                _ -> {
                  touched[0] = true;
                  return 0;
                },
                Progress.NONE));
    assertFalse(touched[0]);
  }
}
