package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.backend.Buffer;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;
import rwkv.engine.trace.TraceRequest;

/** Reference checkpoints must give the numbers that the public reference code gives. */
class GoldenTest {

  /** The tolerance the reference data asks for in f32; logits have a deviation of 2. */
  private static final double LOGITS = 1e-4;

  private static final double STATE = 1e-4;

  /**
   * A model, its vectors, the initial state it starts from (or "") and the kernels to run it with.
   */
  record Case(String model, String vectors, String initial, String backend) {}

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String backend : List.of("reference", "cpu")) {
      String small = "v7/v7-c128-l3-v256-bf16";
      cases.add(new Case(small + ".pth", small, "", backend));
      cases.add(new Case(small + ".safetensors", small, "", backend));
      cases.add(
          new Case(
              small + ".pth",
              "v7/v7-c128-l3-v256-with-timestate-bf16",
              "v7/v7-c128-l3.timestate-fp32.pth",
              backend));
      for (String name : List.of("v7/v7-c128-l2-v300-ranks-fp32", "tiny/tiny-rwkv-7v0-834K-fp32")) {
        cases.add(new Case(name + ".pth", name, "", backend));
      }
      String half = "tiny/tiny-rwkv-7v0-834K-fp16";
      cases.add(new Case(half + ".safetensors", half, "", backend));
      String world = "v7/v7-world-c64-l2-v65536-views-bf16";
      cases.add(new Case(world + ".pth", world, "", backend));
    }
    return cases.stream();
  }

  private static Map<String, Tensor> vectors(Case c, Checkpoint checkpoint) {
    assertTrue(checkpoint.tensors().containsKey("tokens"), c.vectors);
    return checkpoint.tensors();
  }

  private static Engine open(Case c) {
    return Engine.open(ReferenceData.require(c.model), c.backend, 2, Progress.NONE);
  }

  private static Checkpoint openVectors(Case c) {
    return Checkpoints.open(ReferenceData.require(c.vectors + ".vectors.safetensors"));
  }

  private static Session start(Case c, Engine engine) {
    Session session = engine.session();
    if (!c.initial.isEmpty()) {
      Path file = ReferenceData.require(c.initial);
      session.initial(StateFile.load(file, engine.spec()).state());
      session.reset();
    }
    return session;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodingGivesTheReferenceLogitsStatesAndIntermediates(Case c) {
    try (Engine engine = open(c);
        Checkpoint file = openVectors(c)) {
      Map<String, Tensor> expected = vectors(c, file);
      int[] tokens = Compare.ints(expected.get("tokens"));
      Session session = start(c, engine);
      Map<String, float[]> seen = new HashMap<>();
      Trace trace =
          TraceRequest.of(
                  Site.TIME_MIX_INPUT, Site.R, Site.W, Site.K, Site.V, Site.A, Site.KK, Site.G)
              .to(e -> seen.put(e.layer() + "." + e.site().shortName(), e.values()));
      session.trace(trace);
      int compared = 0;
      for (int t = 0; t < tokens.length; t++) {
        float[] logits = session.decode(tokens[t]);
        compared += compareLogits(expected, t, logits);
        compared += compareStates(expected, t + 1, session);
        compared += compareIntermediates(expected, t, seen);
      }
      compareGreedy(expected, session, c);
      assertTrue(compared > 10, "compared only " + compared);
    }
  }

  private static int compareLogits(Map<String, Tensor> expected, int t, float[] logits) {
    Tensor positions = expected.get("logits_positions");
    int row = positions == null ? t : indexOf(Compare.ints(positions), t);
    if (row >= 0) {
      float[] wanted = Compare.row(expected.get("logits"), row);
      Compare.close("logits after token " + t, wanted, logits, LOGITS, 0);
    }
    if (expected.containsKey("top10_ids")) {
      int[] ids = Compare.ints(expected.get("top10_ids"));
      float[] top = Compare.row(expected.get("top10_logits"), t);
      for (int i = 0; i < top.length; i++) {
        assertEquals(top[i], logits[ids[t * top.length + i]], LOGITS, "top logit " + i);
      }
    }
    return row >= 0 ? 1 : 0;
  }

  private static int indexOf(int[] values, int wanted) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static int compareStates(Map<String, Tensor> expected, int n, Session session) {
    StateSnapshot state = session.snapshot();
    int compared = 0;
    for (int layer = 0; layer < state.layers(); layer++) {
      for (int p = 0; p < state.parts().size(); p++) {
        String name = "state." + n + "." + layer + "." + state.parts().get(p).name();
        Tensor wanted = expected.get(name);
        if (wanted != null) {
          assertEquals(state.parts().get(p).shape(), wanted.shape(), name);
          Compare.close(name, wanted.toFloats(), state.values(layer, p), STATE, STATE);
          compared++;
        }
      }
    }
    return compared;
  }

  private static int compareIntermediates(
      Map<String, Tensor> expected, int t, Map<String, float[]> seen) {
    int compared = 0;
    for (Map.Entry<String, float[]> entry : seen.entrySet()) {
      Tensor wanted = expected.get("mid." + t + "." + entry.getKey());
      if (wanted != null) {
        Compare.close(wanted.name(), wanted.toFloats(), entry.getValue(), STATE, STATE);
        compared++;
      }
    }
    if (t == 0 && expected.keySet().stream().anyMatch(name -> name.startsWith("mid.0."))) {
      assertTrue(compared > 0, "no intermediate was compared");
    }
    return compared;
  }

  private static void compareGreedy(Map<String, Tensor> expected, Session session, Case c) {
    int[] greedy = Compare.ints(expected.get("greedy"));
    assertEquals(32, greedy.length);
    for (int i = 0; i < greedy.length; i++) {
      int token = argmax(session.logits());
      assertEquals(greedy[i], token, c + ": greedy token " + i);
      session.decode(token);
      if (expected.containsKey("greedy_logits")) {
        float[] wanted = Compare.row(expected.get("greedy_logits"), i);
        Compare.close("greedy logits " + i, wanted, session.logits(), LOGITS, 0);
      }
    }
  }

  private static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void prefillInAnyChunkingGivesTheReferenceLogitsAndFinalState(Case c) {
    try (Engine engine = open(c);
        Checkpoint file = openVectors(c)) {
      Map<String, Tensor> expected = vectors(c, file);
      int[] tokens = Compare.ints(expected.get("tokens"));
      for (int chunk : new int[] {tokens.length, 1, 5, 7, 16}) {
        Session session = start(c, engine);
        float[] logits = session.prefill(tokens, chunk, Progress.NONE);
        int last = tokens.length - 1;
        compareLogits(expected, last, logits);
        assertTrue(compareStates(expected, tokens.length, session) > 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneChunkGivesTheReferenceLogitsAfterEveryToken(Case c) {
    try (Engine engine = open(c);
        Checkpoint file = openVectors(c)) {
      Map<String, Tensor> expected = vectors(c, file);
      int[] tokens = Compare.ints(expected.get("tokens"));
      Session session = start(c, engine);
      float[] all = session.prefillAll(tokens);
      int vocabulary = engine.spec().vocabulary();
      for (int t = 0; t < tokens.length; t++) {
        float[] row = new float[vocabulary];
        System.arraycopy(all, t * vocabulary, row, 0, vocabulary);
        compareLogits(expected, t, row);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBatchComputesWhatItsSequencesComputeAlone(Case c) {
    try (Engine engine = open(c);
        Checkpoint file = openVectors(c)) {
      int[] tokens = Compare.ints(vectors(c, file).get("tokens"));
      int time = tokens.length / 2;
      Session first = start(c, engine);
      Session second = start(c, engine);
      int[] start = Arrays.copyOf(tokens, time);
      int[] end = Arrays.copyOfRange(tokens, time, 2 * time);
      float[] one = first.prefill(start, time, Progress.NONE);
      float[] two = second.prefill(end, time, Progress.NONE);

      State both = engine.model().state(2);
      both.restore(0, start(c, engine).snapshot());
      both.restore(1, start(c, engine).snapshot());
      Buffer logits = engine.model().logits(2, 1);
      engine.model().forward(logits, tokens, time, both, Trace.OFF);

      float[] rows = logits.toArray();
      float[] a = Arrays.copyOf(rows, one.length);
      float[] b = Arrays.copyOfRange(rows, one.length, 2 * one.length);
      Compare.close("first of the batch", one, a, 0, 0);
      Compare.close("second of the batch", two, b, 0, 0);
      assertEquals(first.snapshot(), both.snapshot(0));
      assertEquals(second.snapshot(), both.snapshot(1));
    }
  }
}
