package rwkv.probes;

import java.util.List;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Version;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** Whether a model would do better if it forgot sooner or later than it does. */
public final class DecaySweepProbe implements Probe {

  @Override
  public String id() {
    return "decay-sweep";
  }

  @Override
  public String name() {
    return "Decay sweep";
  }

  @Override
  public String question() {
    return "What becomes of loss and recall when all half-lives are longer or shorter by a factor?";
  }

  @Override
  public String method() {
    return """
    The model's decay parameters are replaced so that every half-life ln 2 / −ln w is \
    multiplied by a factor, and nothing else is changed. In versions 4 to 6, w = exp(−exp(x)), \
    that is exact for every token, also where x depends on the data. In RWKV-7, w = \
    exp(−e^−½ σ(x)) (Peng et al. 2025), it is exact for the static part of x and nearly so \
    while σ is small; half-lives below 1.14 tokens cannot be expressed and are set to that \
    (`clamped`). The loss is the mean −ln p of windows of a text. Recall is measured on runs of \
    tokens that are repeated after a distance, with other tokens in between: passages of the \
    text, or random tokens of it (as in Olsson et al. 2022). The first token is the cue; of the \
    others it is counted how many are the likeliest (accuracy), and how much their mean −ln p \
    is below what it is when the first run was another one (gain): what their first coming is \
    worth. The factor 1 is the model as it is.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.reals(
            "factors",
            List.of(0.25, 0.5, 0.7, 1.0, 1.4, 2.0, 4.0),
            0.0001,
            10_000,
            "what all half-lives are multiplied by"),
        Setting.whole("windows", 4, 1, 256, "windows of the text"),
        Setting.whole("length", 256, 2, 1_000_000, "tokens of a window"),
        Setting.wholes(
            "distances",
            List.of(16, 64, 256),
            2,
            1_000_000,
            "tokens from a run to where it is repeated"),
        Setting.text(
            "repeated",
            RepeatedRuns.PASSAGES,
            List.of(RepeatedRuns.PASSAGES, RepeatedRuns.RANDOM),
            "what is repeated"),
        Setting.whole("run", 8, 2, 10_000, "tokens that are repeated"),
        Setting.whole("examples", 8, 1, 256, "repeated runs for each distance"));
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    return model.version().decay() == Version.Decay.NONE
        ? Optional.of(model.version().title() + " has no decay.")
        : Optional.empty();
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new DecaySweep(context).run();
  }
}
