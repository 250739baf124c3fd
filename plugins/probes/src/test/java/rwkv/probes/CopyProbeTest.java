package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContract;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.Row;

class CopyProbeTest {

  private static final Map<String, ?> SHORT =
      Map.of("lengths", List.of(5, 12), "examples", 3, "tokens", 60);

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void toAModelThatIgnoresItsStateTheFirstComingIsWorthExactlyNothing(Version version) {
    try (Engine engine = Built.of(version, 10).open()) {
      ProbeResult result = Asked.run(new CopyProbe(), engine, SHORT);
      assertEquals(2, result.table("lengths").rowCount());
      assertEquals(4 + 11, result.table("places").rowCount());
      for (Row row : result.table("lengths")) {
        assertEquals(0, row.getDouble("gain (nats)"));
      }
      for (Row row : result.table("places")) {
        assertEquals(row.getDouble("first loss (nats)"), row.getDouble("second loss (nats)"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void toAModelThatListensToItsStateItMakesADifference(Version version) {
    try (Engine engine = Built.of(version, 10).listeningTo(1, 0).open()) {
      for (Row row : Asked.run(new CopyProbe(), engine, SHORT).table("lengths")) {
        assertNotEquals(0, row.getDouble("gain (nats)"));
        double gain = row.getDouble("first loss (nats)") - row.getDouble("second loss (nats)");
        assertEquals(gain, row.getDouble("gain (nats)"), 1e-12);
      }
    }
  }

  @Nested
  class Contract extends ProbeContract {
    @Override
    protected Probe probe() {
      return new CopyProbe();
    }
  }
}
