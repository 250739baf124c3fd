package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.Row;

class AblationProbeTest {

  static Stream<Arguments> changes() {
    return Built.versions()
        .flatMap(version ->
            Stream.of("zero", "mean", "shuffle", "decay")
                .map(change -> Arguments.of(version, change)));
  }

  private static Map<String, ?> change(String change) {
    return Map.of("change", change, "context", 24, "after", 6, "windows", 2);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aModelThatIgnoresItsStateLosesExactlyNothing(Version version, String change) {
    try (Engine engine = Built.of(version, 10).open()) {
      ProbeResult result = Asked.run(new AblationProbe(), engine, change(change));
      assertEquals(4, result.table("heads").rowCount());
      for (Row row : result.table("heads")) {
        assertEquals(0, row.getDouble("ΔNLL (nats)"));
        assertEquals(0, row.getDouble("KL (nats)"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void onlyTheHeadThatIsListenedToCounts(Version version, String change) {
    try (Engine engine = Built.of(version, 10).listeningTo(1, 1).open()) {
      ProbeResult result = Asked.run(new AblationProbe(), engine, change(change));
      for (Row row : result.table("heads")) {
        boolean heard = row.getLong("layer") == 1 && row.getLong("head") == 1;
        assertEquals(heard, row.getDouble("KL (nats)") != 0, row::toString);
        assertEquals(heard, row.getDouble("ΔNLL (nats)") != 0, row::toString);
      }
      assertTrue(result.verdict().contains("of layer 1"), result.verdict());
    }
  }

  @Test
  void aMeanOfPairsIsThatOfTheNumbersTheyStandFor() {
    HeadStates.Mean mean = new HeadStates.Mean();
    mean.add(new float[][] {{1}, {2}, {0}});
    mean.add(new float[][] {{1}, {4}, {(float) Math.log(3)}});
    float[][] numbers = mean.numbers();
    double unit = Math.exp(numbers[2][0]);
    assertEquals((1 + 3) / 2.0, numbers[0][0] * unit, 1e-6);
    assertEquals((2 + 12) / 2.0, numbers[1][0] * unit, 1e-5);
  }

  @Test
  void shufflingMovesTheNumbersOfAChannelTogether() {
    float[][] numbers = {{1, 2, 3, 4, 5, 6}, {10, 20, 30, 40, 50, 60}, {0, 0, 0, 0, 0, 0}};
    float[][] shuffled = HeadStates.shuffled(numbers, new SplittableRandom(1));
    float[] sorted = shuffled[0].clone();
    Arrays.sort(sorted);
    assertArrayEquals(numbers[0], sorted);
    for (int i = 0; i < 6; i++) {
      assertEquals(10 * shuffled[0][i], shuffled[1][i]);
    }
  }
}
