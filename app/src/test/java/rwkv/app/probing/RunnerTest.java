package rwkv.app.probing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.plugins.PluginProbe;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.plugin.ByteTokens;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.SmallModel;
import rwkv.plugin.TableColumn;

/** Whatever a probe does, its run ends and what it found is there. */
class RunnerTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final RunLimits SHORT =
      new RunLimits(Duration.ofMillis(300), Duration.ofMillis(200));

  @TempDir Path folder;

  private Path file;
  private Engine engine;
  private final CountDownLatch enough = new CountDownLatch(1);

  @BeforeEach
  void open() {
    file = folder.resolve("small.safetensors");
    SafetensorsWriter.write(file, SmallModel.of(7).tensors().values(), Map.of());
    engine = Engine.open(file, "reference", 1, LoadOptions.OFFICIAL, Progress.NONE);
  }

  @AfterEach
  void close() {
    enough.countDown();
    engine.close();
  }

  private RunningProbe start(Function<ProbeContext, ProbeResult> body, Runnable changed) {
    ProbeEntry entry = ProbeEntry.of(new FakeProbe(body), "a test");
    Subject subject = Subject.of(engine, "reference", 1, new ByteTokens(), "bytes", null);
    return new ProbeRunner("1.2.3", SHORT)
        .start(entry, subject, entry.choices(Map.of()), 42, changed);
  }

  private RunningProbe start(Function<ProbeContext, ProbeResult> body) {
    return start(body, () -> {});
  }

  private static ProbeRun end(RunningProbe running) throws InterruptedException {
    return running.await(LONG).orElseThrow();
  }

  private static ProbeResult rows(ProbeContext context) {
    Rows rows = context.findings().table("rows", TableColumn.whole("n"));
    int count = context.parameters().whole("rows");
    for (int n = 1; n <= count; n++) {
      rows.add(n);
      context.progress().at((double) n / count);
    }
    return context.findings().result("There are " + count + ".");
  }

  private void hang() {
    while (enough.getCount() > 0) {
      try {
        enough.await();
      } catch (InterruptedException e) {
        // Does not listen.
      }
    }
  }

  @Test
  void aRunKnowsWhatItWasRunOn() throws Exception {
    ProbeRun run = end(start(RunnerTest::rows));
    assertEquals(RunState.DONE, run.state());
    assertEquals("", run.problem());
    assertEquals("There are 3.", run.result().verdict());
    assertEquals(3, run.result().table("rows").rowCount());
    assertEquals(Map.of("rows", 3), run.parameters());
    assertEquals(42, run.seed());
    assertEquals("1.2.3", run.program());
    assertEquals("RWKV-7", run.model().version());
    assertEquals("a test", run.probe().origin());
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    assertEquals(HexFormat.of().formatHex(digest), run.sha256());
  }

  @Test
  void rowsCanBeSeenWhileItRuns() throws Exception {
    CountDownLatch added = new CountDownLatch(1);
    RunningProbe running =
        start(context -> {
          context.findings().table("rows", TableColumn.whole("n")).add(1);
          context.progress().at(0.5);
          added.countDown();
          hang();
          return context.findings().result("Done.");
        });
    added.await();
    ProbeRun now = running.snapshot();
    assertEquals(RunState.RUNNING, now.state());
    assertEquals(1, now.result().table("rows").rowCount());
    assertEquals(0.5, running.done());
    assertTrue(running.left().isPresent());
    assertFalse(running.isOver());
    enough.countDown();
    assertEquals("Done.", end(running).result().verdict());
  }

  @Test
  void changesAreToldOnceUntilSomebodyLooks() throws Exception {
    AtomicInteger told = new AtomicInteger();
    CountDownLatch added = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    RunningProbe running =
        start(
            context -> {
              Rows rows = context.findings().table("rows", TableColumn.whole("n"));
              IntStream.range(0, 100).forEach(rows::add);
              added.countDown();
              awaitQuietly(looked);
              IntStream.range(0, 100).forEach(rows::add);
              return context.findings().result("");
            },
            told::incrementAndGet);
    added.await();
    assertEquals(1, told.get());
    running.snapshot();
    looked.countDown();
    end(running);
    // Once for the rows that came after it was looked at, once for the end.
    assertTrue(running.hasReleased(LONG));
    assertEquals(3, told.get());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsThereIsKeptWhenItIsCancelled() throws Exception {
    CountDownLatch added = new CountDownLatch(1);
    RunningProbe running =
        start(context -> {
          context.findings().table("rows", TableColumn.whole("n")).add(1);
          added.countDown();
          while (true) {
            context.progress().at(0.5);
            Thread.onSpinWait();
          }
        });
    added.await();
    running.cancel();
    ProbeRun run = end(running);
    assertEquals(RunState.CANCELLED, run.state());
    assertEquals("", run.problem());
    assertEquals(1, run.result().table("rows").rowCount());
    assertTrue(running.hasReleased(LONG));
  }

  @Test
  void whateverItThrowsIsSaidInASentence() throws Exception {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("out of\nluck"),
            new ProbeException("the text is too short"),
            new NoClassDefFoundError("gone"),
            new StackOverflowError())) {
      ProbeRun run =
          end(
              start(context -> {
                context.findings().table("rows", TableColumn.whole("n")).add(1);
                throw RunnerTest.<RuntimeException>sneaky(thrown);
              }));
      assertEquals(RunState.FAILED, run.state());
      assertTrue(run.problem().startsWith("Probe fake"), run.problem());
      assertTrue(run.problem().endsWith("."), run.problem());
      assertEquals(1, run.problem().lines().count());
      assertEquals(1, run.result().table("rows").rowCount());
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void noResultIsAFailure() throws Exception {
    ProbeRun run = end(start(_ -> null));
    assertEquals(RunState.FAILED, run.state());
    assertEquals("Probe fake: it gave no result.", run.problem());
  }

  @Test
  void aProbeThatHangsPastCancelIsLeftBehindAndKeepsTheModel() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    RunningProbe running =
        start(context -> {
          context.findings().table("rows", TableColumn.whole("n")).add(1);
          hanging.countDown();
          hang();
          return context.findings().result("");
        });
    hanging.await();
    running.cancel();
    ProbeRun run = end(running);
    assertEquals(RunState.CANCELLED, run.state());
    assertTrue(run.problem().contains("Probe fake did not end within 0.3"), run.problem());
    assertEquals(1, run.result().table("rows").rowCount());
    assertFalse(running.hasReleased(Duration.ofMillis(10)));
    enough.countDown();
    assertTrue(running.hasReleased(LONG));
  }

  @Test
  void aThreadThatIsLeftRunningIsNamed() throws Exception {
    RunningProbe running =
        start(context -> {
          Thread.ofPlatform().daemon().name("straggler").start(this::hang);
          return rows(context);
        });
    ProbeRun run = end(running);
    assertEquals(RunState.DONE, run.state());
    assertEquals("Probe fake left its thread 'straggler' running.", run.problem());
    assertFalse(running.hasReleased(Duration.ofMillis(10)));
    enough.countDown();
    assertTrue(running.hasReleased(LONG));
  }

  @Test
  void threadsThatEndWithTheRunAndParallelStreamsAreNoFault() throws Exception {
    ProbeRun run =
        end(
            start(context -> {
              Thread.ofPlatform().start(() -> {});
              IntStream.range(0, 1000).parallel().forEach(_ -> {});
              return rows(context);
            }));
    assertEquals("", run.problem());
  }

  @Test
  void aModelThatIsBeingClosedEndsTheRun() throws Exception {
    AtomicBoolean closing = new AtomicBoolean();
    Subject.Use use =
        new Subject.Use() {
          @Override
          public <T> T with(
              java.util.function.BiFunction<Engine, Progress, T> work, Progress progress) {
            return work.apply(
                engine,
                done -> {
                  if (closing.get()) {
                    throw new java.util.concurrent.CancellationException();
                  }
                  progress.at(done);
                });
          }
        };
    Subject subject =
        new Subject(
            Subject.facts(engine, "small", false, "reference", 1, "bytes", null),
            new ByteTokens(),
            use);
    ProbeEntry entry =
        ProbeEntry.of(
            new FakeProbe(context -> {
              closing.set(true);
              return rows(context);
            }),
            "a test");
    ProbeRun run =
        end(new ProbeRunner("", SHORT).start(entry, subject, entry.choices(Map.of()), 1, () -> {}));
    assertEquals(RunState.CANCELLED, run.state());
    assertEquals(1, run.result().table("rows").rowCount());
  }

  @Test
  void aProbeThatCannotSayWhatItIsIsNamedAndLeftOut() throws IOException {
    FakeProbe good = new FakeProbe(RunnerTest::rows);
    ProbeCatalog catalog =
        ProbeCatalog.of(
            List.of(
                new PluginProbe(good, "first"),
                new PluginProbe(good, "second"),
                new PluginProbe(new BadProbe(), "third")));
    assertEquals(List.of("fake"), catalog.entries().stream().map(ProbeEntry::id).toList());
    assertEquals("first", catalog.find("fake").orElseThrow().origin());
    assertEquals(2, catalog.problems().size());
    assertTrue(catalog.problems().getLast().toString().contains("BadProbe (third)"));
    assertTrue(catalog.problems().getLast().toString().contains("no id today"));
  }

  /** Fails at the first question. */
  private static final class BadProbe implements rwkv.plugin.Probe {
    @Override
    public String id() {
      throw new IllegalStateException("no id today");
    }

    @Override
    public String name() {
      return "";
    }

    @Override
    public String question() {
      return "";
    }

    @Override
    public String method() {
      return "";
    }

    @Override
    public List<rwkv.engine.setting.Setting> parameters() {
      return List.of();
    }

    @Override
    public ProbeResult run(ProbeContext context) {
      return ProbeResult.EMPTY;
    }
  }
}
