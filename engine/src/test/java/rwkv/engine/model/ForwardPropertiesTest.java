package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.backend.Buffer;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;
import rwkv.engine.trace.TraceRequest;

/** What must hold for every model, on every backend, to the last bit. */
class ForwardPropertiesTest {

  @TempDir Path folder;

  private final Random random = Seeds.random("forward properties");

  private Engine open(String backend) {
    TinyModel shape =
        new TinyModel(
            1 + random.nextInt(3),
            1 + random.nextInt(4),
            1 + random.nextInt(20),
            1 + random.nextInt(70),
            2 + random.nextInt(90),
            random.ints(4, 1, 12).toArray());
    Path file = shape.write(folder.resolve("random.safetensors"), random);
    return Engine.open(file, backend, 2, Progress.NONE);
  }

  private int[] text(Engine engine) {
    return random.ints(3 + random.nextInt(30), 0, engine.spec().vocabulary()).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void prefillInAnyChunkingEqualsDecoding(String backend) {
    try (Engine engine = open(backend)) {
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
  @ValueSource(strings = {"reference", "cpu"})
  void aBatchEqualsItsSequencesAlone(String backend) {
    try (Engine engine = open(backend)) {
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
  @ValueSource(strings = {"reference", "cpu"})
  void tracingChangesNothingAndSeesEverySite(String backend) {
    try (Engine engine = open(backend)) {
      int[] tokens = text(engine);
      Session plain = engine.session();
      Session traced = engine.session();
      Set<Site> seen = new HashSet<>();
      traced.trace(TraceRequest.of(Site.values()).to(event -> seen.add(event.site())));
      assertArrayEquals(plain.prefillAll(tokens), traced.prefillAll(tokens));
      assertEquals(plain.snapshot(), traced.snapshot());
      Set<Site> expected = EnumSet.allOf(Site.class);
      if (engine.spec().layers() == 1) {
        expected.remove(Site.VALUE_GATE);
      }
      assertEquals(expected, seen);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void restoringASnapshotTakesUpWhereItWasTaken(String backend) {
    try (Engine engine = open(backend)) {
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
  @ValueSource(strings = {"reference", "cpu"})
  void aSavedStateGoesOnWhereItWasSaved(String backend) {
    try (Engine engine = open(backend)) {
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
  @ValueSource(strings = {"reference", "cpu"})
  void aTokenOutsideTheVocabularyIsRefusedAndChangesNothing(String backend) {
    try (Engine engine = open(backend)) {
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
