package rwkv.app.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.plugin.ByteTokens;
import rwkv.plugin.FakeProvider;
import rwkv.plugin.PluginApi;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeException;
import rwkv.plugin.SmallModel;
import rwkv.plugin.TestRun;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.Tokenizers;

/** Plugins that do what they must not are named and set aside; a good one beside them works. */
class BadPluginsTest {

  private static final ModelHint MODEL = new ModelHint(257, Path.of("model.pth"), List.of());

  /** Short where a plugin hangs, for the tests wait as long. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final Limits SHORT_LIMITS =
      new Limits(Duration.ofSeconds(4), SHORT, SHORT, Duration.ofMillis(300));

  /** For ever, and deaf to being interrupted. */
  private static final String HANG =
      "for (;;) { try { Thread.sleep(1000); } catch (InterruptedException e) {} }";

  @TempDir Path folder;

  private Plugins plugins;

  @BeforeEach
  void addAGoodOne() throws IOException {
    JarMaker.probe("Good").write(folder.resolve("good.jar"));
  }

  /** Its threads would outlive the tests. */
  @AfterEach
  void goodOneStillWorks() {
    assertTrue(plugins.probes().stream().anyMatch(plugin -> plugin.probe().id().equals("good")));
  }

  private PluginEntry loaded(JarMaker maker) throws IOException {
    maker.write(folder.resolve("bad.jar"));
    return look();
  }

  private PluginEntry look() {
    plugins = new Plugins(folder, SHORT_LIMITS, true);
    plugins.look();
    plugins.entries().forEach(entry -> plugins.allow(entry.jar(), true));
    return entry();
  }

  private PluginEntry entry() {
    return plugins.entries().stream()
        .filter(entry -> entry.jar().file().endsWith("bad.jar"))
        .findFirst()
        .orElseThrow();
  }

  private void assertSetAside(String reason) {
    assertEquals(PluginState.SET_ASIDE, entry().state());
    assertEquals(reason, entry().reason());
    assertEquals(1, plugins.probes().size());
    assertEquals(0, plugins.tokenizers().size());
  }

  @Test
  void aFileThatIsNoJar() throws IOException {
    Files.writeString(folder.resolve("bad.jar"), "not at all");
    look();
    assertSetAside("bad.jar is no jar: it cannot be read as a zip file.");
  }

  @Test
  void aHugeFile() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("bad.jar").toFile(), "rw")) {
      file.setLength(JarBytes.MOST + 1L);
    }
    look();
    assertSetAside("bad.jar is larger than the 64 MB that a plugin may have.");
  }

  @Test
  void aJarThatOffersNothing() throws IOException {
    loaded(new JarMaker());
    assertSetAside(
        "bad.jar offers nothing: it has neither of META-INF/services/rwkv.plugin.Probe and"
            + " META-INF/services/rwkv.plugin.TokenizerProvider.");
  }

  @Test
  void aJarForNoVersionOrAnotherVersionOfTheApi() throws IOException {
    loaded(JarMaker.probe("Old").says(PluginApi.MANIFEST_KEY, ""));
    assertSetAside(
        "bad.jar does not say which plugin API it wants: its manifest should have"
            + " RWKV-Plugin-API: 1.");
    loaded(JarMaker.probe("Old").says(PluginApi.MANIFEST_KEY, "7"));
    assertSetAside("bad.jar wants the plugin API 7, this workbench has 1.");
  }

  @Test
  void aListOfClassesThatIsNone() throws IOException {
    loaded(new JarMaker().entry("META-INF/services/rwkv.plugin.Probe", new byte[100_000]));
    assertSetAside("bad.jar: META-INF/services/rwkv.plugin.Probe is longer than 65536 bytes.");
    loaded(JarMaker.probe("Bad").offers(Probe.class, "../../etc/passwd"));
    assertSetAside(
        "bad.jar: META-INF/services/rwkv.plugin.Probe is no list of at most 100 classes.");
  }

  @Test
  void aClassThatIsMissingOrNoProbe() throws IOException {
    assertTrue(
        loaded(JarMaker.probe("Bad").offers(Probe.class, "Missing"))
            .reason()
            .endsWith("rwkv.plugin.Probe: Provider Missing not found."));
    loaded(JarMaker.probe("Bad").offers(Probe.class, "java.lang.String"));
    assertSetAside("None of the classes that it names can be used.");
  }

  @Test
  void aClassOfTheWorkbench() throws IOException {
    String theirs = FakeProvider.class.getName();
    loaded(new JarMaker().offers(TokenizerProvider.class, theirs));
    assertSetAside("It names " + theirs + ", which is not in its jar.");
  }

  @Test
  void aClassThatIsNoClass() throws IOException {
    loaded(new JarMaker().entry("Bad.class", new byte[] {1, 2, 3}).offers(Probe.class, "Bad"));
    assertTrue(entry().reason().contains("ClassFormatError"), entry().reason());
    assertSetAside(entry().reason());
  }

  @Test
  void aConstructorThatThrows() throws IOException {
    loaded(JarMaker.probe("Bad", "public Bad() { throw new IllegalStateException(\"no luck\"); }"));
    assertSetAside(
        "It failed while it was loaded: rwkv.plugin.Probe: Provider Bad could not be"
            + " instantiated: java.lang.IllegalStateException: no luck.");
  }

  @Test
  void aConstructorThatNeverEndsItsRecursion() throws IOException {
    loaded(JarMaker.probe("Bad", "Bad more = new Bad();"));
    assertTrue(entry().reason().contains("StackOverflowError"), entry().reason());
    assertSetAside(entry().reason());
  }

  @Test
  void aFailureThatCannotBeToldOf() throws IOException {
    loaded(
        JarMaker.probe(
            "Bad",
            "public Bad() { throw new RuntimeException() {",
            "public String toString() { throw new RuntimeException(); } }; }"));
    assertTrue(entry().reason().startsWith("It failed while it was loaded: "), entry().reason());
    assertSetAside(entry().reason());
  }

  @Test
  void anIdentifierThatIsNone() throws IOException {
    loaded(JarMaker.probe("Bad", "public String id() { return \"../x\\ny\"; }"));
    assertSetAside("Its probe is called '../x y', expected a–z, 0–9 and hyphens.");
  }

  @Test
  void anIdentifierThatNeverComes() throws IOException {
    loaded(JarMaker.probe("Bad", "public String id() {", HANG + " }"));
    assertSetAside("It did not come back within 4 seconds while it was loaded.");
    plugins = new Plugins(folder, SHORT_LIMITS, true);
    plugins.look();
    assertSetAside("It did not come back within 4 seconds while it was loaded.");
  }

  @Test
  void aThreadThatIsLeftBehind() throws IOException {
    loaded(
        JarMaker.probe(
            "Bad",
            "public Bad() { new Thread(() -> { try { Thread.sleep(600_000); }",
            "catch (InterruptedException e) {} }, \"miner\").start(); }"));
    assertSetAside("It left the thread 'miner' running while it was loaded.");
  }

  @Test
  void aProbeThatThrowsWhenItRuns() throws IOException {
    loaded(
        JarMaker.probe(
            "Bad",
            "public ProbeResult run(ProbeContext c) { throw new LinkageError(\"no luck\"); }"));
    ProbeException e = assertThrows(ProbeException.class, () -> run(Progress.NONE));
    String reason = "It failed while its probe ran: java.lang.LinkageError: no luck.";
    assertEquals("Plugin bad.jar is set aside. " + reason, e.getMessage());
    assertSetAside(reason);
  }

  @Test
  void aProbeThatCannotBeAskedSoIsNotAtFault() throws IOException {
    loaded(
        JarMaker.probe(
            "Bad",
            "public ProbeResult run(ProbeContext c) { throw new ProbeException(\"not so\"); }"));
    ProbeException e = assertThrows(ProbeException.class, () -> run(Progress.NONE));
    assertEquals("not so", e.getMessage());
    assertEquals(PluginState.ENABLED, entry().state());
  }

  @Test
  void aProbeThatGoesOnAfterItIsCancelled() throws IOException {
    loaded(
        JarMaker.probe(
            "Bad",
            "public ProbeResult run(ProbeContext c) {",
            "c.progress().at(0.5);",
            HANG + " }"));
    AtomicBoolean cancelled = new AtomicBoolean();
    Progress progress =
        _ -> {
          if (cancelled.getAndSet(true)) {
            throw new CancellationException();
          }
        };
    assertThrows(CancellationException.class, () -> run(progress));
    assertSetAside("It did not end within a second after its run was cancelled.");
  }

  @Test
  void aProbeThatGoesOnAfterItsThreadIsInterrupted() throws Exception {
    loaded(
        JarMaker.probe(
            "Bad",
            "public ProbeResult run(ProbeContext c) {",
            "c.progress().at(0.5);",
            HANG + " }"));
    CountDownLatch begun = new CountDownLatch(1);
    Thread runner =
        new Thread(
            () -> assertThrows(CancellationException.class, () -> run(_ -> begun.countDown())));
    runner.start();
    begun.await();
    runner.interrupt();
    runner.join();
    assertSetAside("It did not end within a second after its run was cancelled.");
  }

  @Test
  void aProbeThatIsCancelledIsNotAtFault() throws IOException {
    loaded(
        JarMaker.probe(
            "Bad",
            "public ProbeResult run(ProbeContext c) {",
            "for (;;) { c.progress().at(0.5); } }"));
    Progress progress =
        _ -> {
          throw new CancellationException();
        };
    assertThrows(CancellationException.class, () -> run(progress));
    assertEquals(PluginState.ENABLED, entry().state());
  }

  @Test
  void aProbeThatLeavesAThreadBehindWhenItRuns() throws IOException {
    loaded(
        JarMaker.probe(
            "Bad",
            "public ProbeResult run(ProbeContext c) {",
            "new Thread(() -> { " + HANG + " }, \"miner\") {",
            "{ setDaemon(true); } }.start();",
            "return super.run(c); }"));
    assertThrows(ProbeException.class, () -> run(Progress.NONE));
    assertSetAside("It left the thread 'miner' running while its probe ran.");
  }

  private void run(Progress progress) {
    Probe probe = plugins.probes().getFirst().probe();
    assertEquals("bad", probe.id());
    try (Engine engine = SmallModel.of(1).open()) {
      probe.run(TestRun.of(probe, engine, new ByteTokens(), Map.of(), 1).toldTo(progress));
    }
  }

  @Test
  void aProviderThatNeverOffers() throws IOException {
    loaded(
        JarMaker.tokenizer(
            "Bad",
            "public List<Offer> offers(ModelHint m) { " + HANG + " }",
            "public Tokenizer create(Optional<Path> f) { return null; }"));
    Tokenizers.Ranking ranking = Tokenizers.of(plugins.tokenizers()).rank(MODEL);
    assertEquals(
        "bad: Plugin bad.jar is set aside. It did not come back within 2 seconds when it was asked"
            + " for a tokenizer.",
        ranking.problems().getFirst().toString());
    assertSetAside("It did not come back within 2 seconds when it was asked for a tokenizer.");
  }

  @Test
  void aTokenizerThatFails() throws IOException {
    loaded(
        JarMaker.tokenizer(
            "Bad",
            "public List<Offer> offers(ModelHint m) { return List.of(); }",
            "public Tokenizer create(Optional<Path> f) { return new Tokenizer() {",
            "public String name() { return \"Bad\"; }",
            "public int vocabularySize() { return 257; }",
            "public int[] encode(String text) {",
            "  if (text.isEmpty()) throw new IllegalArgumentException(\"nothing\");",
            "  return new int[text.length() - 9]; }",
            "public byte[] bytes(int token) { return null; } }; }"));
    TokenizerProvider provider = plugins.tokenizers().getFirst();
    Tokenizer tokenizer = provider.create(Optional.empty());
    assertEquals(
        "nothing",
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("")).getMessage());
    assertEquals(PluginState.ENABLED, entry().state(), "a text it cannot write is no fault");
    assertEquals(0, tokenizer.bytes(3).length);
    assertEquals(PluginState.SET_ASIDE, entry().state());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("short"));
    assertInstanceOf(NegativeArraySizeException.class, e.getCause());
    plugins.enable(entry().jar());
    assertEquals(PluginState.ENABLED, entry().state(), "another chance");
  }
}
