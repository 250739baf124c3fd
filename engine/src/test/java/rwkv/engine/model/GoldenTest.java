package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;
import rwkv.engine.trace.TraceRequest;

/** Reference checkpoints must give the numbers that the public reference code gives. */
class GoldenTest {

  /** The tolerance the reference data asks for in f32; logits have a deviation of 2. */
  private static final double LOGITS = 1e-4;

  private static final double STATE = 1e-4;

  private static final Map<String, Site> SITES =
      Stream.of(Site.values()).collect(Collectors.toMap(Site::shortName, site -> site));

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodingGivesTheReferenceLogitsStatesAndIntermediates(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      Map<String, Tensor> expected = file.tensors();
      int[] tokens = Compare.ints(expected.get("tokens"));
      Session session = c.start(engine);
      Map<String, float[]> seen = new HashMap<>();
      session.trace(
          TraceRequest.of(Site.values())
              .to(e -> seen.put(e.layer() + "." + e.site().shortName(), e.values())));
      int compared = 0;
      for (int t = 0; t < tokens.length; t++) {
        float[] logits = session.decode(tokens[t]);
        compared += compareLogits(c, expected, t, logits);
        compared += compareStates(c, expected, t + 1, session);
        compared += compareIntermediates(c, expected, t, seen);
      }
      compareGreedy(c, expected, session);
      assertTrue(compared > 10, "compared only " + compared);
    }
  }

  private static int compareLogits(
      GoldenCase c, Map<String, Tensor> expected, int t, float[] logits) {
    Tensor positions = expected.get("logits_positions");
    int row = positions == null ? t : indexOf(Compare.ints(positions), t);
    if (row >= 0) {
      float[] wanted = Compare.row(expected.get(c.logits()), row);
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

  /** Every part of the state that was recorded after n tokens. */
  private static int compareStates(
      GoldenCase c, Map<String, Tensor> expected, int n, Session session) {
    StateSnapshot state = session.snapshot();
    int compared = 0;
    for (Tensor wanted : recorded(c, expected, "state." + n + ".")) {
      String[] name = wanted.name().split("\\.");
      int part = session.model().spec().statePart(name[3]);
      Shape shape = state.parts().get(part).shape(state.tokens().length);
      assertEquals(shape, wanted.shape(), wanted.name());
      float[] actual = state.values(Integer.parseInt(name[2]), part);
      Compare.close(wanted.name(), wanted.toFloats(), actual, STATE, STATE);
      compared++;
    }
    return compared;
  }

  /** Every site that was recorded while token t was processed. */
  private static int compareIntermediates(
      GoldenCase c, Map<String, Tensor> expected, int t, Map<String, float[]> seen) {
    int compared = 0;
    for (Tensor wanted : recorded(c, expected, "mid." + t + ".")) {
      String[] name = wanted.name().split("\\.");
      assertTrue(SITES.containsKey(name[3]), wanted.name());
      float[] actual = seen.get(name[2] + "." + name[3]);
      assertNotNull(actual, () -> wanted.name() + " was not seen");
      Compare.close(wanted.name(), wanted.toFloats(), actual, STATE, STATE);
      compared++;
    }
    return compared;
  }

  private static List<Tensor> recorded(GoldenCase c, Map<String, Tensor> expected, String prefix) {
    return expected.values().stream()
        .filter(tensor -> c.hasStates() && tensor.name().startsWith(prefix))
        .toList();
  }

  private static void compareGreedy(GoldenCase c, Map<String, Tensor> expected, Session session) {
    if (!c.hasStates()) {
      return;
    }
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
  void prefillInAnyChunkingGivesTheReferenceLogitsAndFinalState(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      Map<String, Tensor> expected = file.tensors();
      int[] tokens = Compare.ints(expected.get("tokens"));
      for (int chunk : c.chunks(tokens.length)) {
        Session session = c.start(engine);
        float[] logits = session.prefill(tokens, chunk, Progress.NONE);
        int last = tokens.length - 1;
        compareLogits(c, expected, last, logits);
        int compared = compareStates(c, expected, tokens.length, session);
        assertTrue(compared > 0 || !c.hasStates());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneChunkGivesTheReferenceLogitsAfterEveryToken(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      Map<String, Tensor> expected = file.tensors();
      int[] tokens = Compare.ints(expected.get("tokens"));
      Session session = c.start(engine);
      float[] all = session.prefillAll(tokens);
      int vocabulary = engine.spec().vocabulary();
      for (int t = 0; t < tokens.length; t++) {
        float[] row = new float[vocabulary];
        System.arraycopy(all, t * vocabulary, row, 0, vocabulary);
        compareLogits(c, expected, t, row);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBatchComputesWhatItsSequencesComputeAlone(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      int[] tokens = Compare.ints(file.tensors().get("tokens"));
      int time = tokens.length / 2;
      Session first = c.start(engine);
      Session second = c.start(engine);
      int[] start = Arrays.copyOf(tokens, time);
      int[] end = Arrays.copyOfRange(tokens, time, 2 * time);
      float[] one = first.prefill(start, time, Progress.NONE);
      float[] two = second.prefill(end, time, Progress.NONE);

      State both = engine.model().state(2);
      both.restore(0, c.start(engine).snapshot());
      both.restore(1, c.start(engine).snapshot());
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

  /**
   * A model and what rwkv.cpp's own test expects of it after three tokens.
   *
   * @param tolerance more than f32's where the model is stored in another type than it was tested
   *     in
   */
  record Prompt(String model, String extension, LoadOptions options, double tolerance) {}

  static Stream<Prompt> prompts() {
    LoadOptions official = LoadOptions.OFFICIAL;
    LoadOptions other = LoadOptions.groupNormEps(1e-5f);
    return Stream.of(
        new Prompt("tiny/tiny-rwkv-4v0-660K-fp32", ".pth", official, LOGITS),
        new Prompt("tiny/tiny-rwkv-5v1-730K-fp32", ".pth", other, LOGITS),
        new Prompt("tiny/tiny-rwkv-5v2-730K-fp32", ".pth", other, LOGITS),
        new Prompt("tiny/tiny-rwkv-5v2-730K-fp16", ".safetensors", other, 0.005),
        new Prompt("tiny/tiny-rwkv-6v0-3m-from-Q5_1-fp16", ".pth", official, 0.08),
        new Prompt("tiny/tiny-rwkv-7v0-834K-fp32", ".pth", official, LOGITS),
        new Prompt("tiny/tiny-rwkv-7v0-834K-fp16", ".safetensors", official, LOGITS));
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void trainedModelsGiveTheLogitsThatAnotherEngineExpects(Prompt p) {
    Path vectors = ReferenceData.require(p.model + ".vectors.safetensors");
    Path model = ReferenceData.require(p.model + p.extension);
    try (Engine engine = Engine.open(model, "cpu", 2, p.options, Progress.NONE);
        Checkpoint file = Checkpoints.open(vectors)) {
      int[] tokens = Compare.ints(file.tensors().get("prompt3_tokens"));
      float[] wanted = file.tensors().get("prompt3_expected_logits_of_rwkv.cpp").toFloats();
      float[] logits = engine.session().prefill(tokens, tokens.length, Progress.NONE);
      Compare.close(p.model, wanted, logits, p.tolerance, 0);
    }
  }
}
