package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class StateDynamicsProbeTest {

  /** The same token again and again writes the same k vᵀ: S = (1 − wᵗ) / (1 − w) k vᵀ. */
  @ParameterizedTest
  @EnumSource(names = {"V5_0", "V5_2", "V6", "V7"})
  void sizeAndDriftOfOneTokenRepeatedFollowTheGeometricSeries(Version version) {
    double w = Math.pow(0.5, 1.0 / 20);
    try (Engine engine = Built.of(version, 20).withoutTokenShift().open()) {
      Table heads =
          Asked.run(new StateDynamicsProbe(), engine, Map.of("reading", "newlines", "tokens", 200))
              .table("heads");
      Map<Long, Double> first = new HashMap<>();
      for (Row row : heads) {
        long tokens = row.getLong("tokens");
        long head = row.getLong("layer") * 2 + row.getLong("head");
        double rms = row.getDouble("rms");
        double start = first.computeIfAbsent(head, _ -> rms);
        double grown = (1 - Math.pow(w, tokens)) / (1 - w);
        double drift = Math.pow(w, tokens - 1) / grown;
        assertEquals(grown, rms / start, 1e-4 * grown);
        assertEquals(drift, row.getDouble("drift"), 1e-4);
        assertEquals(1, row.getDouble("effective rank"), 1e-3);
        assertEquals(1, row.getDouble("stable rank"), 1e-6);
      }
      assertEquals(4, first.size());
    }
  }

  @Test
  void statesThatForgetNothingBlowUp() {
    try (Engine engine = Built.of(Version.V7, 1e7).withoutTokenShift().open()) {
      ProbeResult result =
          Asked.run(
              new StateDynamicsProbe(), engine, Map.of("reading", "newlines", "tokens", 1000));
      assertEquals(4, result.figures().get("heads that blow up"));
      for (Row row : result.table("end")) {
        assertEquals(10, row.getDouble("growth"), 0.01);
        assertEquals("blows up", row.getString("finding"));
      }
      assertTrue(result.verdict().contains("H0 of layer 0"), result.verdict());
    }
  }

  @Test
  void statesThatForgetSoonStandStillOnOneTokenRepeated() {
    try (Engine engine = Built.of(Version.V4, 3).open()) {
      ProbeResult result =
          Asked.run(new StateDynamicsProbe(), engine, Map.of("reading", "newlines", "tokens", 400));
      assertEquals(4, result.figures().get("heads that stand still"));
      assertEquals(0, result.figures().get("heads that blow up"));
    }
  }

  @Test
  void everyTokenButTheFirstIsPredictedOnce() {
    try (Engine engine = Built.of(Version.V6, 10).open()) {
      ProbeResult result = Asked.run(new StateDynamicsProbe(), engine, Map.of("tokens", 333));
      double predictions = 0;
      for (Row row : result.table("loss")) {
        predictions += row.getLong("predictions");
      }
      assertEquals(332, predictions);
    }
  }
}
