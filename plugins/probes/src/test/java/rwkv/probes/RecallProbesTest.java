package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.Tasks;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContract;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.Row;

/** The needle and associative recall. */
class RecallProbesTest {

  private static Vocabulary words() {
    return Tasks.named("recall").make(Map.of(), new Sizes(1, 1024, 1)).vocabulary();
  }

  @Test
  void theSampleModelRemembersEightPairsAndHoldsThemInAHead() {
    try (Engine engine = SampleModel.open("recall-v7/recall-v7.pth")) {
      ProbeResult result =
          SampleModel.run(
              new MqarProbe(),
              engine,
              words(),
              Map.of("pairs", List.of(8), "distances", List.of(8, 64), "examples", 8));
      assertEquals(8, result.figures().get("pairs mastered"));
      for (Row row : result.table("recall")) {
        assertTrue(row.getDouble("accuracy") > 0.95, row::toString);
        assertTrue(row.getDouble("stored") > 0.5, row::toString);
      }
      assertEquals(4, result.table("storage").rowCount());
    }
  }

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void aModelThatIgnoresItsStateRemembersNothing(Version version) {
    try (Engine engine = Built.of(version, 1000).open()) {
      ProbeResult result =
          Asked.run(
              new MqarProbe(),
              engine,
              Map.of("pairs", List.of(1, 3), "distances", List.of(5), "examples", 8, "tokens", 80));
      assertEquals(2, result.table("recall").rowCount());
      assertTrue(result.figures().get("mean accuracy") < 0.4);
      boolean isMatrix = version != Version.V4;
      assertEquals(isMatrix ? 8 : 0, result.table("storage").rowCount());
      // Of a single pair the state is the one product v kᵀ and what came before it.
      for (Row row : result.table("storage")) {
        assertTrue(row.getDouble("cosine") <= 1 + 1e-6, row::toString);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void whatIsLeftOfANeedleFallsAsTheDecaysDo(Version version) {
    Map<String, ?> places =
        Map.of("lengths", List.of(120), "depths", List.of(0.0, 1.0), "trials", 1);
    try (Engine forgets = Built.of(version, 2).open();
        Engine keeps = Built.of(version, 1e5).open()) {
      ProbeResult lost = Asked.run(new NeedleProbe(), forgets, places);
      ProbeResult kept = Asked.run(new NeedleProbe(), keeps, places);
      double shallow = lost.table("needles").doubleColumn("trace").get(0);
      double deep = lost.table("needles").doubleColumn("trace").get(1);
      assertTrue(shallow < 1e-3 && deep > 0.1, shallow + " " + deep);
      assertTrue(kept.table("needles").doubleColumn("trace").get(0) > 0.02);
      assertEquals(0, kept.figures().get("recalled"));
    }
  }

  @Test
  void theSampleModelRecallsAKeyFromAmongDots() {
    try (Engine engine = SampleModel.open("recall-v7/recall-v7.pth")) {
      ProbeResult result =
          SampleModel.run(
              new NeedleProbe(),
              engine,
              words(),
              Map.of("lengths", List.of(32), "depths", List.of(0.0, 1.0), "trials", 10));
      assertTrue(result.figures().get("recalled") > 0.5, result.verdict());
    }
  }

  @Nested
  class NeedleContract extends ProbeContract {
    @Override
    protected Probe probe() {
      return new NeedleProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("lengths", List.of(64), "depths", List.of(0.0, 1.0), "trials", 2);
    }
  }

  @Nested
  class MqarContract extends ProbeContract {
    @Override
    protected Probe probe() {
      return new MqarProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("pairs", List.of(1, 4), "examples", 4, "tokens", 100);
    }
  }
}
