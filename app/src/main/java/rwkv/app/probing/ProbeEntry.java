package rwkv.app.probing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;

/**
 * A probe that can be run, and what it says of itself; it was asked once, so that showing it runs
 * nobody else's code.
 *
 * @param origin where it comes from, for a person
 */
public record ProbeEntry(
    Probe probe,
    String id,
    String name,
    String question,
    String method,
    List<Setting> parameters,
    String origin) {

  public ProbeEntry {
    parameters = List.copyOf(parameters);
  }

  /** Asks a probe what it is, which runs its code. */
  static ProbeEntry of(Probe probe, String origin) {
    return new ProbeEntry(
        probe,
        probe.id(),
        probe.name(),
        probe.question(),
        probe.method(),
        probe.parameters(),
        origin);
  }

  /** Whose settings the parameters are, for messages. */
  public String owner() {
    return "probe " + id;
  }

  /**
   * What was given, and the standard for the rest.
   *
   * @throws IllegalArgumentException in one sentence, if there is no such parameter or the value
   *     cannot be chosen
   */
  public Choices choices(Map<String, ?> given) {
    return Choices.of(owner(), parameters, given);
  }

  /** Why it makes no sense for a model, in a sentence; empty if it does. Runs the probe's code. */
  public Optional<String> unsuitable(ModelSpec model) {
    try {
      return probe.unsuitable(model);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return Optional.of(ProbeFailure.sentence(id, e));
    }
  }
}
