package rwkv.app.probing;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import rwkv.plugin.ProbeResult;

/**
 * A run of a probe, while it goes on or when it is over.
 *
 * @param id of its folder, as in {@code needle-20260131-174501-9f3a}
 * @param sha256 of the model's file; empty while it is not known
 * @param program the version of the program that ran it
 * @param seed of all that was random
 * @param parameters whole numbers, numbers, lists and texts by name
 * @param problem what the probe did wrong, in a sentence; empty if nothing
 * @param result what it has found
 */
public record ProbeRun(
    String id,
    AskedProbe probe,
    SubjectFacts model,
    String sha256,
    String program,
    long seed,
    Map<String, Object> parameters,
    Instant started,
    Duration duration,
    RunState state,
    String problem,
    ProbeResult result) {

  public ProbeRun {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * The probe that was run.
   *
   * @param origin where it came from, for a person
   */
  public record AskedProbe(String id, String name, String origin) {}

  /** With another result in the place of its own. */
  ProbeRun with(ProbeResult other) {
    return new ProbeRun(
        id,
        probe,
        model,
        sha256,
        program,
        seed,
        parameters,
        started,
        duration,
        state,
        problem,
        other);
  }

  /** With another identifier. */
  ProbeRun named(String other) {
    return new ProbeRun(
        other,
        probe,
        model,
        sha256,
        program,
        seed,
        parameters,
        started,
        duration,
        state,
        problem,
        result);
  }
}
