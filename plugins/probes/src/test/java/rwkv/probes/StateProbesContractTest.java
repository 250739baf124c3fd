package rwkv.probes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContract;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;

/** The probes of states and weights, each with what every probe must do. */
class StateProbesContractTest {

  private abstract static class Contract extends ProbeContract {

    @Test
    void isAService() {
      assertTrue(
          ServiceLoader.load(Probe.class).stream()
              .anyMatch(found -> found.type() == probe().getClass()));
    }

    @Test
    void readsAFileWhereOneIsNamed(@TempDir Path folder) throws IOException {
      Path file = folder.resolve("text.txt");
      Files.writeString(file, "the cat sat on the mat. ".repeat(40));
      try (Engine engine = Built.of(Version.V5_2, 10).listeningTo(0, 0).open()) {
        Map<String, Object> parameters = new HashMap<>(parameters());
        parameters.put("text", file.toString());
        ProbeResult result = Asked.run(probe(), engine, parameters);
        assertFalse(result.tables().isEmpty());
        parameters.put("text", folder.resolve("none.txt").toString());
        ProbeException missing =
            assertThrows(ProbeException.class, () -> Asked.run(probe(), engine, parameters));
        assertTrue(missing.getMessage().contains("none.txt"), missing.getMessage());
      }
    }
  }

  @Nested
  class HalfLife extends Contract {
    @Override
    protected Probe probe() {
      return new HalfLifeProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("tokens", 16, "context", 5, "windows", 2);
    }
  }

  @Nested
  class StateDynamics extends Contract {
    @Override
    protected Probe probe() {
      return new StateDynamicsProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("tokens", 60);
    }
  }

  @Nested
  class Ablation extends Contract {
    @Override
    protected Probe probe() {
      return new AblationProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("context", 8, "after", 3, "windows", 2, "change", "shuffle");
    }
  }

  @Nested
  class DecaySweep extends Contract {
    @Override
    protected Probe probe() {
      return new DecaySweepProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of(
          "length",
          12,
          "windows",
          2,
          "examples",
          2,
          "distances",
          List.of(8),
          "factors",
          List.of(0.5, 1.0));
    }
  }

  @Nested
  class Precision extends Contract {
    @Override
    protected Probe probe() {
      return new PrecisionProbe();
    }

    @Override
    protected Map<String, ?> parameters() {
      return Map.of("types", "q8_0,f16", "tokens", 24, "lenses", 3);
    }
  }
}
