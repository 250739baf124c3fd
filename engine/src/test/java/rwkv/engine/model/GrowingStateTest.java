package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel8;
import rwkv.engine.backend.Buffer;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;
import rwkv.engine.trace.TraceRequest;

/** What must hold for versions that look back over the text, on every backend, to the last bit. */
class GrowingStateTest {

  @TempDir Path folder;

  private final Random random = Seeds.random("growing states");

  /** A version and the kernels to run it with. */
  record Case(TinyModel8 version, String backend, int threads) {}

  static Stream<Case> cases() {
    return Stream.of(TinyModel8.values())
        .flatMap(v -> Stream.of(new Case(v, "reference", 1), new Case(v, "cpu", 3)));
  }

  private Engine open(Case c) {
    Path file = folder.resolve("random.safetensors");
    c.version.write(file, random, TinyModel8.sizes(random));
    return Engine.open(file, c.backend, c.threads, Progress.NONE);
  }

  private int[] text(Engine engine, int least) {
    return random.ints(least + random.nextInt(90), 0, engine.spec().vocabulary()).toArray();
  }

  private Session after(Engine engine, int[] tokens) {
    Session session = engine.session();
    session.prefill(tokens, 1 + random.nextInt(tokens.length), Progress.NONE);
    return session;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void prefillInAnyChunkingEqualsDecoding(Case c) {
    try (Engine engine = open(c)) {
      int[] tokens = text(engine, 3);
      Session decoding = engine.session();
      for (int token : tokens) {
        decoding.decode(token);
      }
      for (int chunk : new int[] {1, 2, 7, 1 + random.nextInt(tokens.length), tokens.length}) {
        Session session = engine.session();
        float[] logits = session.prefill(tokens, chunk, Progress.NONE);
        assertArrayEquals(decoding.logits(), logits);
        assertEquals(decoding.snapshot(), session.snapshot());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theStateGrowsByWhatTheModelSays(Case c) {
    try (Engine engine = open(c)) {
      Session session = engine.session();
      ModelSpec spec = engine.spec();
      assertEquals(spec.stateBytes(), session.snapshot().bytes());
      int[] tokens = text(engine, 1);
      session.prefillAll(tokens);
      StateSnapshot state = session.snapshot();
      assertEquals(spec.stateBytes() + tokens.length * spec.stateBytesPerToken(), state.bytes());
      assertArrayEquals(spec.grows() ? tokens : new int[0], state.tokens());
      assertEquals(c.version != TinyModel8.V7A, spec.grows());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void restoringGoesOnAndGoesBackExactly(Case c) {
    try (Engine engine = open(c)) {
      int[] first = text(engine, 1);
      int[] second = text(engine, 1);
      Session session = after(engine, first);
      StateSnapshot before = session.snapshot();
      Session fork = session.fork();
      float[] once = session.prefill(second, 3, Progress.NONE).clone();
      StateSnapshot end = session.snapshot();
      assertNotEquals(before, end);
      assertArrayEquals(once, fork.prefill(second, second.length, Progress.NONE));
      assertEquals(end, fork.snapshot());

      session.restore(before, first.length);
      assertEquals(before, session.snapshot());
      assertArrayEquals(once, session.prefill(second, 1, Progress.NONE));
      assertEquals(end, session.snapshot());

      session.reset();
      assertEquals(engine.session().snapshot(), session.snapshot());
      session.prefill(first, first.length, Progress.NONE);
      assertEquals(before, session.snapshot());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sequencesOfABatchMayHaveTextsOfDifferentLengths(Case c) {
    try (Engine engine = open(c)) {
      List<Session> alone = new ArrayList<>();
      int batch = 3;
      State all = engine.model().state(batch);
      for (int b = 0; b < batch; b++) {
        Session session = engine.session();
        if (b > 0) {
          session.prefill(text(engine, 1), 5, Progress.NONE);
        }
        all.restore(b, session.snapshot());
        alone.add(session);
      }
      for (int time : new int[] {4, 1, 1, 9}) {
        int[] tokens = random.ints(batch * time, 0, engine.spec().vocabulary()).toArray();
        Buffer logits = engine.model().logits(batch, 1);
        engine.model().forward(logits, tokens, time, all, Trace.OFF);
        float[] rows = logits.toArray();
        for (int b = 0; b < batch; b++) {
          int[] own = Arrays.copyOfRange(tokens, b * time, (b + 1) * time);
          float[] wanted = alone.get(b).prefill(own, 2, Progress.NONE);
          int from = b * wanted.length;
          assertArrayEquals(wanted, Arrays.copyOfRange(rows, from, from + wanted.length));
          assertEquals(alone.get(b).snapshot(), all.snapshot(b));
        }
        all.restore(1, all.snapshot(1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSavedStateGoesOnWhereItWasSaved(Case c) {
    try (Engine engine = open(c)) {
      int[] tokens = text(engine, 1);
      Session session = after(engine, tokens);
      Path file = folder.resolve("state.safetensors");
      StateFile.save(file, session.snapshot(), session.position());
      StateFile.Loaded loaded = StateFile.load(file, engine.spec());
      assertEquals(tokens.length, loaded.tokens());
      assertEquals(session.snapshot(), loaded.state());
      Session other = engine.session();
      other.restore(loaded.state(), loaded.tokens());
      assertArrayEquals(session.decode(0), other.decode(0));
      StateFile.save(file, engine.session().snapshot(), 0);
      assertEquals(engine.session().snapshot(), StateFile.load(file, engine.spec()).state());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theNumberOfThreadsDoesNotChangeABit(Case c) {
    Path file = folder.resolve("threads.safetensors");
    c.version.write(file, random, TinyModel8.sizes(random));
    try (Engine one = Engine.open(file, c.backend, 1, Progress.NONE);
        Engine four = Engine.open(file, c.backend, 4, Progress.NONE)) {
      int[] tokens = random.ints(200, 0, one.spec().vocabulary()).toArray();
      Session a = one.session();
      Session b = four.session();
      assertArrayEquals(a.prefillAll(tokens), b.prefillAll(tokens));
      assertArrayEquals(a.decode(1), b.decode(1));
      assertEquals(a.snapshot(), b.snapshot());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tracingChangesNothingAndSeesTheVersionsSites(Case c) {
    try (Engine engine = open(c)) {
      int[] tokens = text(engine, 1);
      Session plain = engine.session();
      Session traced = engine.session();
      Set<Site> seen = EnumSet.noneOf(Site.class);
      traced.trace(TraceRequest.of(Site.values()).to(event -> seen.add(event.site())));
      assertArrayEquals(plain.prefillAll(tokens), traced.prefillAll(tokens));
      assertEquals(plain.snapshot(), traced.snapshot());
      Set<Site> own =
          switch (c.version) {
            case V7A -> EnumSet.of(Site.EMBEDDING_GATE, Site.TIME_MIX_OUTPUT, Site.WKV_STATE);
            case V7B -> EnumSet.of(Site.EMBEDDING_GATE, Site.ATTENTION_OUTPUT, Site.MIX_OUTPUT);
            case ROSA_1, ROSA_4 ->
                EnumSet.of(Site.ROSA_INPUT, Site.ROSA_MATCH, Site.ROSA_SIGNS, Site.ROSA_OUTPUT);
            case ROSA_7 -> EnumSet.of(Site.ROSA_MATCH, Site.TIME_MIX_OUTPUT, Site.MIX_OUTPUT);
          };
      assertTrue(seen.containsAll(own), seen.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TinyModel8.class,
      names = {"V7B", "ROSA_1"})
  void aStateFileWhoseTextDoesNotFitIsRefusedByName(TinyModel8 version) {
    try (Engine engine = open(new Case(version, "cpu", 1))) {
      Session session = after(engine, new int[] {1, 0, 1});
      List<Tensor> tensors = new ArrayList<>(StateFile.tensors(session.snapshot(), 3));
      int outside = engine.spec().vocabulary();
      refused(engine, replaced(tensors, Tensor.of("state.3.tokens", 1, outside, 0)), "index 1");
      refused(engine, replaced(tensors, Tensor.of("state.3.tokens", 1, 0)), "[2,");
      refused(
          engine,
          replaced(tensors, Tensor.of("state.3.tokens", Shape.of(3), 1, 0, 1)),
          "state.3.tokens");
      tensors.removeIf(tensor -> tensor.name().equals("state.3.tokens"));
      refused(engine, tensors, "tensor tokens is missing");
    }
  }

  private static List<Tensor> replaced(List<Tensor> tensors, Tensor by) {
    return tensors.stream().map(t -> t.name().equals(by.name()) ? by : t).toList();
  }

  private void refused(Engine engine, List<Tensor> tensors, String word) {
    Path file = folder.resolve("bad.safetensors");
    SafetensorsWriter.write(file, tensors, Map.of());
    CheckpointException problem =
        assertThrows(CheckpointException.class, () -> StateFile.load(file, engine.spec()));
    assertTrue(problem.getMessage().contains(word), problem.getMessage());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPartIsReadAsABufferOrAsAHistory(Case c) {
    try (Engine engine = open(c)) {
      State state = engine.model().state(1);
      List<StatePart> parts = engine.spec().stateParts();
      for (int p = 0; p < parts.size(); p++) {
        int part = p;
        if (parts.get(p).grows()) {
          assertEquals(0, state.history(0, p).length(0));
          assertThrows(IllegalArgumentException.class, () -> state.part(0, part));
        } else {
          assertEquals(parts.get(p).count(), state.part(0, p).length());
          assertThrows(IllegalArgumentException.class, () -> state.history(0, part));
        }
      }
    }
  }
}
