package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import rwkv.engine.session.Engine;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.Tasks;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContract;
import rwkv.plugin.ProbeResult;

class LinearProbeTest {

  @Test
  void whatAnExampleSaysOutrightIsReadOff() {
    Random random = new Random(1);
    int n = 60;
    float[][] examples = new float[n][12];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = random.nextInt(3);
      for (int c = 0; c < 12; c++) {
        examples[i][c] = (float) (0.05 * random.nextGaussian()) + (c == labels[i] ? 1 : 0);
      }
    }
    double[][] products = Ridge.products(examples);
    assertArrayEquals(labels, Ridge.crossValidated(products, labels, 3, 5, 0.01));
  }

  @Test
  void labelsThatHaveNothingToDoWithTheExamplesAreNot() {
    Random random = new Random(2);
    int n = 300;
    float[][] examples = new float[n][20];
    int[] labels = random.ints(n, 0, 4).toArray();
    for (float[] example : examples) {
      for (int c = 0; c < example.length; c++) {
        example[c] = (float) random.nextGaussian();
      }
    }
    int[] given = Ridge.crossValidated(Ridge.products(examples), labels, 4, 5, 0.1);
    int right = 0;
    for (int i = 0; i < n; i++) {
      right += given[i] == labels[i] ? 1 : 0;
    }
    assertTrue(right < 0.4 * n, right + " of " + n);
  }

  @Test
  void theClassroomsStateGivesAwayTheLetter() {
    Vocabulary words = Tasks.named("classroom").make(Map.of(), new Sizes(1, 64, 1)).vocabulary();
    try (Engine engine = SampleModel.open("classroom-v7/classroom-v7.pth")) {
      ProbeResult result = SampleModel.run(new LinearProbe(), engine, words, Map.of("texts", 100));
      assertEquals(2, result.table("heads").rowCount());
      assertEquals(4, result.figures().get("labels"));
      double best = result.figures().get("best accuracy");
      assertTrue(best > result.figures().get("its control") + 0.1, result.verdict());
      ProbeResult residual =
          SampleModel.run(
              new LinearProbe(), engine, words, Map.of("texts", 100, "from", "residual"));
      // The model is right about every box, and the head reads nothing but the last residual.
      assertTrue(residual.figures().get("best accuracy") > 0.9, residual.verdict());
    }
  }

  @Nested
  class Contract extends ProbeContract {
    @Override
    protected Probe probe() {
      return new LinearProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("texts", 20, "folds", 2);
    }
  }
}
