package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.TinyVersion;
import rwkv.engine.backend.Buffer;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;
import rwkv.engine.trace.TraceEvent;
import rwkv.engine.trace.TraceRequest;

/** What must hold for every model, on every backend, to the last bit. */
class ForwardPropertiesTest {

  @TempDir Path folder;

  /** What only later versions have. */
  private static final Set<Site> BEYOND_7 =
      EnumSet.of(
          Site.EMBEDDING_GATE,
          Site.ATTENTION_OUTPUT,
          Site.ROSA_INPUT,
          Site.ROSA_MATCH,
          Site.ROSA_SIGNS,
          Site.ROSA_OUTPUT,
          Site.MIX_OUTPUT);

  private final Random random = Seeds.random("forward properties");

  /** A version and the kernels to run it with. */
  record Case(TinyVersion version, String backend) {}

  static Stream<Case> cases() {
    return Stream.of(TinyVersion.values())
        .flatMap(version -> Stream.of("reference", "cpu").map(b -> new Case(version, b)));
  }

  private Engine open(Case c) {
    TinyModel model = TinyModel.random(c.version, random);
    Path file = model.write(folder.resolve("random.safetensors"), random);
    return Engine.open(file, c.backend, 2, Progress.NONE);
  }

  private int[] text(Engine engine) {
    return random.ints(3 + random.nextInt(30), 0, engine.spec().vocabulary()).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void prefillInAnyChunkingEqualsDecoding(Case c) {
    try (Engine engine = open(c)) {
      int[] tokens = text(engine);
      Session decoding = engine.session();
      for (int token : tokens) {
        decoding.decode(token);
      }
      for (int chunk = 1; chunk <= tokens.length; chunk += 1 + random.nextInt(4)) {
        Session session = engine.session();
        float[] logits = session.prefill(tokens, chunk, Progress.NONE);
        assertArrayEquals(decoding.logits(), logits);
        assertEquals(decoding.snapshot(), session.snapshot());
        assertEquals(tokens.length, session.position());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBatchEqualsItsSequencesAlone(Case c) {
    try (Engine engine = open(c)) {
      int[] tokens = text(engine);
      int[] others = random.ints(tokens.length, 0, engine.spec().vocabulary()).toArray();
      Session a = engine.session();
      Session b = engine.session();
      a.prefillAll(tokens);
      b.prefillAll(others);
      State both = engine.model().state(2);
      Buffer logits = engine.model().logits(2, tokens.length);
      int[] joined = Arrays.copyOf(tokens, tokens.length * 2);
      System.arraycopy(others, 0, joined, tokens.length, others.length);
      engine.model().forward(logits, joined, tokens.length, both, Trace.OFF);
      assertEquals(a.snapshot(), both.snapshot(0));
      assertEquals(b.snapshot(), both.snapshot(1));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tracingChangesNothingAndSeesEverySite(Case c) {
    try (Engine engine = open(c)) {
      int[] tokens = text(engine);
      Session plain = engine.session();
      Session traced = engine.session();
      Set<Site> seen = new HashSet<>();
      traced.trace(TraceRequest.of(Site.values()).to(event -> seen.add(event.site())));
      assertArrayEquals(plain.prefillAll(tokens), traced.prefillAll(tokens));
      assertEquals(plain.snapshot(), traced.snapshot());
      Set<Site> expected = sites(engine.spec());
      assertEquals(expected, seen);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theShareSkippedIsThatOfActivationsThatAreZero(Case c) {
    try (Engine engine = open(c)) {
      List<TraceEvent> seen = new ArrayList<>();
      Session session = engine.session();
      session.trace(TraceRequest.of(Site.CHANNEL_MIX_ACTIVATION, Site.SKIPPED).to(seen::add));
      session.prefillAll(text(engine));
      assertEquals(2 * engine.spec().layers(), seen.size());
      for (int i = 0; i < seen.size(); i += 2) {
        for (int t = 0; t < seen.get(i).time(); t++) {
          float[] activation = seen.get(i).row(0, t);
          long zeros =
              IntStream.range(0, activation.length).filter(j -> activation[j] == 0).count();
          float share = (float) zeros / activation.length;
          assertArrayEquals(new float[] {share}, seen.get(i + 1).row(0, t));
        }
      }
    }
  }

  /** The sites that a version has. */
  private static Set<Site> sites(ModelSpec spec) {
    Set<Site> sites = EnumSet.allOf(Site.class);
    sites.removeAll(BEYOND_7);
    Version version = spec.version();
    if (version.memory() == Version.Memory.PAIR) {
      sites.remove(Site.WKV_STATE);
    } else {
      sites.removeAll(Set.of(Site.WKV_NUMERATOR, Site.WKV_DENOMINATOR, Site.WKV_EXPONENT));
    }
    if (version.memory() == Version.Memory.VALUE_KEY) {
      sites.remove(Site.CHANNEL_MIX_RECEPTANCE);
    } else {
      sites.removeAll(Set.of(Site.SHIFTED_A, Site.A, Site.KK, Site.VALUE_GATE));
    }
    if (version != Version.V6 && version.memory() != Version.Memory.VALUE_KEY) {
      sites.remove(Site.SHIFTED_W);
    }
    if (version == Version.V4 || version == Version.V5_0) {
      sites.removeAll(Set.of(Site.SHIFTED_G, Site.G));
    }
    if (spec.layers() == 1) {
      sites.remove(Site.VALUE_GATE);
    }
    return sites;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void restoringASnapshotTakesUpWhereItWasTaken(Case c) {
    try (Engine engine = open(c)) {
      Session session = engine.session();
      session.prefillAll(text(engine));
      StateSnapshot before = session.snapshot();
      Session fork = session.fork();
      float[] once = session.decode(1).clone();
      assertNotEquals(before, session.snapshot());
      session.restore(before, session.position() - 1);
      assertEquals(before, session.snapshot());
      assertArrayEquals(once, session.decode(1));
      assertArrayEquals(once, fork.decode(1));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSavedStateGoesOnWhereItWasSaved(Case c) {
    try (Engine engine = open(c)) {
      Session session = engine.session();
      int[] tokens = text(engine);
      session.prefillAll(tokens);
      Path file = folder.resolve("state.safetensors");
      StateFile.save(file, session.snapshot(), session.position());
      StateFile.Loaded loaded = StateFile.load(file, engine.spec());
      assertEquals(tokens.length, loaded.tokens());
      assertEquals(session.snapshot(), loaded.state());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aTokenOutsideTheVocabularyIsRefusedAndChangesNothing(Case c) {
    try (Engine engine = open(c)) {
      Session session = engine.session();
      session.decode(0);
      StateSnapshot before = session.snapshot();
      int outside = engine.spec().vocabulary();
      assertThrows(IllegalArgumentException.class, () -> session.decode(outside));
      assertThrows(IllegalArgumentException.class, () -> session.decode(-1));
      assertEquals(before, session.snapshot());
    }
  }
}
