package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.Row;

class PrecisionProbeTest {

  private static Map<String, ?> types(String types) {
    return Map.of("types", types, "tokens", 70, "lenses", 7);
  }

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void typesThatHoldEveryNumberChangeExactlyNothing(Version version) {
    try (Engine engine = Built.of(version, 10).rounded().listeningTo(0, 1).rounded().open()) {
      ProbeResult result = Asked.run(new PrecisionProbe(), engine, types("f32, BF16"));
      assertEquals(2, result.table("types").rowCount());
      for (Row row : result.table("types")) {
        assertEquals(0, row.getDouble("KL (nats)"));
        assertEquals(0, row.getDouble("ΔNLL (nats)"));
        assertEquals(1, row.getDouble("same likeliest"));
      }
      for (Row row : result.table("layers")) {
        assertEquals(0, row.getDouble("residual error"));
        assertEquals(0, row.getDouble("lens KL (nats)"));
        assertEquals(0, row.getDouble("state error"));
      }
      assertEquals(8, result.table("heads").rowCount());
    }
  }

  @Test
  void whereLayersAddNothingTheErrorIsThatOfTheEmbeddingInEachOfThem() {
    try (Engine engine = Built.of(Version.V7, 10).open()) {
      ProbeResult result = Asked.run(new PrecisionProbe(), engine, types("bf16"));
      double first = result.table("layers").row(0).getDouble("residual error");
      assertTrue(first > 1e-4 && first < 2.5e-3, () -> "error " + first);
      assertEquals(first, result.table("layers").row(1).getDouble("residual error"));
      assertTrue(result.figures().get("KL of bf16 (nats)") > 0);
    }
  }

  @Test
  void theLensOfTheLastResidualIsWhatTheModelPredicts() {
    try (Engine engine = Built.of(Version.V6, 10).listeningTo(1, 0).open()) {
      int[][] text = {{1, 5, 9, 2, 2, 30}};
      Residuals residuals = new Residuals(2);
      Passes passes = new Passes(engine.model(), 1);
      float[][] predicted = new float[6][];
      passes.read(
          text, 0, 6, residuals, (_, t, logits) -> predicted[t] = logits.clone(), Progress.NONE);
      LogitLens lens = new LogitLens(engine.checkpoint());
      float[][] seen = lens.logits(residuals.after(1).toArray(float[][]::new));
      for (int t = 0; t < 6; t++) {
        for (int i = 0; i < Built.VOCABULARY; i++) {
          assertEquals(predicted[t][i], seen[t][i], 1e-4);
        }
      }
    }
  }

  @Test
  void typesAreNamedInAnyCaseAndOthersRefused() {
    assertEquals(List.of(DType.Q4_K, DType.F16), Precisions.types("q4_k, F16,q4_K"));
    ProbeException refused = assertThrows(ProbeException.class, () -> Precisions.types("f16,int3"));
    assertTrue(refused.getMessage().startsWith("types has 'int3', expected some of f32"));
  }
}
