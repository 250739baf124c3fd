package rwkv.probes;

import java.util.Map;
import rwkv.engine.session.Engine;
import rwkv.plugin.ByteTokens;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.TestRun;

/** Runs of probes with the same seed. */
final class Asked {

  private Asked() {}

  /** What a probe finds in a model; parameters that are not given are standard. */
  static ProbeResult run(Probe probe, Engine engine, Map<String, ?> parameters) {
    return probe.run(of(probe, engine, parameters));
  }

  static TestRun of(Probe probe, Engine engine, Map<String, ?> parameters) {
    return TestRun.of(probe, engine, new ByteTokens(), parameters, 7);
  }
}
