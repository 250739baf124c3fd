package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.Tasks;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContract;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.SmallModel;
import tech.tablesaw.api.Row;

class StateTrackingProbeTest {

  @Test
  void questionsHaveTheAnswersOfTheGroup() {
    for (WordProblem problem : WordProblem.values()) {
      SplittableRandom random = new SplittableRandom(3);
      for (int length = 1; length < 20; length++) {
        WordProblem.Question question = problem.draw(random, length, length % 2 == 0);
        assertEquals(answer(problem, question.asked()), question.answer(), question.asked());
      }
    }
  }

  /** Where every thing ends, followed one by one. */
  private static String answer(WordProblem problem, String asked) {
    if (problem == WordProblem.PARITY) {
      return asked.chars().filter(c -> c == '1').count() % 2 == 0 ? " even" : " odd";
    }
    int things = problem == WordProblem.S3 ? 3 : 5;
    StringBuilder answer = new StringBuilder(" ");
    for (int place = 0; place < things; place++) {
      int at = place;
      String[] moves = asked.replaceAll("[^a-e ]", "").replace("is", "").strip().split(" +");
      for (int i = moves.length - 1; i >= 0; i--) {
        if (moves[i].length() == things) {
          at = moves[i].charAt(at) - 'a';
        }
      }
      answer.append((char) ('a' + at));
    }
    return answer.toString();
  }

  @Test
  void theSmallestEigenvalueIsThatOfTheMatrix() {
    // One dimension: w − a κ².
    assertEquals(0.9 - 0.8, of(new float[] {0.9f}, new float[] {0.8f}, new float[] {1}), 1e-6);
    // Equal decays: w, and w − Σ a κ² along κ.
    assertEquals(
        0.7 - (0.5 * 0.36 + 0.9 * 0.64),
        of(new float[] {0.7f, 0.7f}, new float[] {0.5f, 0.9f}, new float[] {0.6f, 0.8f}),
        1e-6);
    // Two dimensions: the smaller root of λ² − trace λ + determinant.
    double trace = 0.9 - 0.5 * 0.36 + 0.6 - 0.9 * 0.64;
    double determinant = (0.9 - 0.5 * 0.36) * (0.6 - 0.9 * 0.64) - 0.5 * 0.9 * 0.36 * 0.64;
    assertEquals(
        trace / 2 - Math.sqrt(trace * trace / 4 - determinant),
        of(new float[] {0.9f, 0.6f}, new float[] {0.5f, 0.9f}, new float[] {0.6f, 0.8f}),
        1e-6);
  }

  private static double of(float[] w, float[] a, float[] kk) {
    return SmallestEigenvalue.of(w, a, kk, 0, w.length);
  }

  @Test
  void aModelWithTheTokensOfATaskIsAskedAsItWasTaught() {
    Vocabulary words = Tasks.named("parity").make(Map.of(), new Sizes(1, 8, 1)).vocabulary();
    ModelPlan plan = ModelPlan.of(Version.V7, 1, 16, 8).withVocabulary(words.size());
    Map<String, Tensor> tensors =
        new Initialiser(plan, plan.officialDecays(), 5).tensors(Progress.NONE);
    try (Engine engine = new SmallModel(Path.of("parity"), tensors).open()) {
      ProbeResult result =
          SampleModel.run(
              new StateTrackingProbe(),
              engine,
              words,
              Map.of("lengths", List.of(8, 16), "examples", 30));
      assertEquals(2, result.table("accuracy").rowCount());
      for (Row row : result.table("accuracy")) {
        assertEquals("parity", row.getString("problem"));
        assertEquals("as taught", row.getString("format"));
        assertEquals(30, row.getLong("of"));
      }
      assertTrue(result.verdict().contains("does not keep track of parity"), result.verdict());
      double least = result.figures().get("smallest eigenvalue");
      assertTrue(least < 1 && least > -0.455, "" + least);
    }
  }

  @Test
  void theSampleModelsFollowAsManySwapsAsTheirCardSays() {
    assertTrue(afterSwaps("permutations/permutations-v7.pth", 32) > 0.9);
    assertTrue(afterSwaps("permutations/permutations-v4.pth", 12) > 0.9);
    assertTrue(afterSwaps("permutations/permutations-v4.pth", 32) < 0.8);
  }

  private static double afterSwaps(String model, int length) {
    Vocabulary words = Tasks.named("permutations").make(Map.of(), new Sizes(1, 8, 1)).vocabulary();
    try (Engine engine = SampleModel.open(model)) {
      ProbeResult result =
          SampleModel.run(
              new StateTrackingProbe(),
              engine,
              words,
              Map.of("moves", "swaps", "lengths", List.of(length), "examples", 50));
      Row row = result.table("accuracy").iterator().next();
      assertEquals("s3", row.getString("problem"));
      assertEquals(1.0 / 3, row.getDouble("chance"), 1e-9);
      return row.getDouble("accuracy");
    }
  }

  @Test
  void aModelThatKnowsNothingIsAskedEverythingAsText() {
    try (Engine engine = Built.of(Version.V6, 10).open()) {
      ProbeResult result =
          Asked.run(
              new StateTrackingProbe(),
              engine,
              Map.of("lengths", List.of(1, 3), "examples", 2, "shots", 1));
      assertEquals(6, result.table("accuracy").rowCount());
      assertTrue(result.verdict().contains("does not keep track of s5"), result.verdict());
    }
  }

  @Nested
  class Contract extends ProbeContract {
    @Override
    protected Probe probe() {
      return new StateTrackingProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("lengths", List.of(1, 3), "examples", 2, "shots", 1);
    }
  }
}
