package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.TestRun;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class DecaySweepProbeTest {

  private static final Map<String, Object> SMALL =
      Map.of(
          "factors", List.of(2.0, 0.5, 1.0),
          "windows", 2,
          "length", 40,
          "distances", List.of(8, 20),
          "examples", 2);

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void halfLivesAreMultipliedAndAModelThatIgnoresItsStateStaysTheSame(Version version) {
    try (Engine engine = Built.of(version, 10).open()) {
      ProbeResult result = Asked.run(new DecaySweepProbe(), engine, SMALL);
      Table losses = result.table("loss");
      assertEquals(3, losses.rowCount());
      for (Row row : losses) {
        double factor = row.getDouble("factor");
        assertEquals(10 * factor, row.getDouble("median half-life (tokens)"), 1e-4);
        assertEquals(losses.row(0).getDouble("loss (nats)"), row.getDouble("loss (nats)"));
      }
      for (Row row : result.table("recall")) {
        assertEquals(0, row.getDouble("gain (nats)"));
      }
    }
  }

  @Test
  void theFactorOneIsTheModelAsItIsToTheBit() {
    try (Engine engine = Built.of(Version.V6, 10).listeningTo(0, 1).open()) {
      TestRun asked = Asked.of(new DecaySweepProbe(), engine, SMALL);
      int[][] windows = ProbeText.windows(asked, 2, 40, Progress.NONE);
      double sum = 0;
      for (int[] window : windows) {
        Session session = engine.session();
        for (int t = 0; t + 1 < window.length; t++) {
          sum += Logits.loss(session.decode(window[t]), window[t + 1]);
        }
      }
      ProbeResult result = new DecaySweepProbe().run(asked);
      double own = result.figures().get("loss of the model as it is (nats)");
      assertEquals(sum / 78, own, 1e-12);
      for (Row row : result.table("loss")) {
        if (row.getDouble("factor") != 1) {
          assertNotEquals(own, row.getDouble("loss (nats)"));
        }
      }
      assertEquals(sum / 78, loss(engine, windows), 1e-12, "the model itself stays as it is");
    }
  }

  private static double loss(Engine engine, int[][] windows) {
    double sum = 0;
    for (int[] window : windows) {
      float[] all = engine.session().prefillAll(window);
      for (int t = 0; t + 1 < window.length; t++) {
        float[] row = Arrays.copyOfRange(all, t * Built.VOCABULARY, (t + 1) * Built.VOCABULARY);
        sum += Logits.loss(row, window[t + 1]);
      }
    }
    return sum / 78;
  }

  @Test
  void halfLivesThatCannotBeExpressedAreCounted() {
    try (Engine engine = Built.of(Version.V7, 2).open()) {
      Map<String, Object> parameters = new HashMap<>(SMALL);
      parameters.put("factors", List.of(0.1));
      ProbeResult result = Asked.run(new DecaySweepProbe(), engine, parameters);
      assertEquals(2 * 16, result.table("loss").row(0).getLong("clamped"));
    }
  }

  @Test
  void distancesShorterThanTheRunAreRefused() {
    try (Engine engine = Built.of(Version.V7, 2).open()) {
      Map<String, Object> parameters = new HashMap<>(SMALL);
      parameters.put("run", 9);
      ProbeException refused =
          assertThrows(
              ProbeException.class, () -> Asked.run(new DecaySweepProbe(), engine, parameters));
      assertTrue(refused.getMessage().contains("8 tokens for a run of 9"), refused.getMessage());
    }
  }

  @Test
  void onlyTheFirstRunDiffersWithoutItsFirstComing() {
    try (Engine engine = Built.of(Version.V7, 2).open()) {
      TestRun asked = Asked.of(new DecaySweepProbe(), engine, SMALL);
      int[][] text = {{1, 2, 3, 4, 5, 6, 7}};
      for (String kind : List.of(RepeatedRuns.RANDOM, RepeatedRuns.PASSAGES)) {
        int[][] sequences = RepeatedRuns.of(asked, text, kind, 3, 4, 9).sequences();
        assertEquals(6, sequences.length);
        for (int i = 0; i < 6; i++) {
          assertEquals(13, sequences[i].length);
          for (int t = 0; t < 4; t++) {
            assertEquals(sequences[i & ~1][t], sequences[i][9 + t]);
          }
          for (int t = 4; t < 13; t++) {
            assertEquals(sequences[i & ~1][t], sequences[i][t]);
          }
        }
      }
    }
  }
}
