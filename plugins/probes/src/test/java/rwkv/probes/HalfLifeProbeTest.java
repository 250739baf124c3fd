package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

class HalfLifeProbeTest {

  private static final double HALF_LIFE = 5;
  private static final Map<String, Integer> SHORT =
      Map.of("tokens", 40, "context", 80, "windows", 3);

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void whereNothingButDecayActsTheMeasuredHalfLifeIsThatOfTheDecay(Version version) {
    try (Engine engine = Built.of(version, HALF_LIFE).withoutTokenShift().open()) {
      ProbeResult result = Asked.run(new HalfLifeProbe(), engine, SHORT);
      Table heads = result.table("heads");
      assertEquals(4, heads.rowCount());
      for (Row head : heads) {
        assertEquals(HALF_LIFE, head.getDouble("half-life (tokens)"), 2e-3);
        assertEquals(HALF_LIFE, head.getDouble("by decay (tokens)"), 1e-3);
        assertEquals(HALF_LIFE, head.getDouble("median channel (tokens)"), 1e-3);
      }
      assertEquals(HALF_LIFE, result.figures().get("median half-life (tokens)"), 2e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("rwkv.probes.Built#versions")
  void aModelThatIgnoresItsStatePredictsTheSameFromTheNextTokenOn(Version version) {
    try (Engine engine = Built.of(version, HALF_LIFE).open()) {
      Table output = Asked.run(new HalfLifeProbe(), engine, SHORT).table("output");
      for (Row row : output) {
        boolean isChanged = row.getLong("tokens read") == 1;
        assertEquals(isChanged, row.getDouble("divergence (nats)") > 0, row::toString);
      }
    }
  }

  @Test
  void headsThatKeepMoreThanHalfAreCountedAndHaveNoHalfLife() {
    try (Engine engine = Built.of(Version.V7, 1000).open()) {
      ProbeResult result = Asked.run(new HalfLifeProbe(), engine, SHORT);
      assertEquals(4, result.figures().get("heads that keep more than half"));
      assertTrue(result.table("heads").column("half-life (tokens)").isMissing(0));
      assertTrue(result.verdict().contains("more than 40"), result.verdict());
    }
  }

  @Test
  void whatFallsIsHalvedOnAStraightLineInTheLogarithm() {
    HeadChange.Falling falling = new HeadChange.Falling();
    falling.begin(2);
    falling.add(3, 0.8);
    falling.add(5, 0.2);
    double along = Math.log(0.8 / 0.5) / Math.log(0.8 / 0.2);
    assertEquals(1 + 2 * along, falling.halfLife(), 1e-12);
    falling.add(9, 0.9);
    falling.add(12, 0.1);
    assertEquals(1 + 2 * along, falling.halfLife(), 1e-12);
  }
}
