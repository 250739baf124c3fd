package rwkv.engine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import rwkv.engine.model.Version;
import rwkv.engine.train.ModelPlan;

/** What a measurement of training holds, never how fast it was. */
class TrainingBenchTest {

  @Test
  void countsStepsTokensAndMultiplications() {
    ModelPlan plan = ModelPlan.of(Version.V4, 1, 16).withVocabulary(32);
    TrainingBench bench = TrainingBench.of(plan, 2, 8, "cpu", 1, 0, 3);
    assertEquals(3, bench.seconds().values().size());
    assertEquals(16 / bench.seconds().median(), bench.tokensPerSecond(), 1e-9);
    // Time mixing 4 C², channel mixing 9 C², head V C; forward once, backward twice.
    assertEquals(3 * 16 * (13 * 16 * 16 + 32 * 16), bench.macs());
    assertTrue(bench.activationBytes() > 0);
  }
}
