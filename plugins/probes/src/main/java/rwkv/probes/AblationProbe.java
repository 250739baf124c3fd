package rwkv.probes;

import java.util.List;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** What the predictions lose when one head's state is taken from them. */
public final class AblationProbe implements Probe {

  static final String ZERO = "zero";
  static final String MEAN = "mean";
  static final String SHUFFLE = "shuffle";
  static final String DECAY = "decay";

  @Override
  public String id() {
    return "ablation";
  }

  @Override
  public String name() {
    return "Ablation grid";
  }

  @Override
  public String question() {
    return "What do the predictions lose when the state of one head is destroyed?";
  }

  @Override
  public String method() {
    return """
    Windows of a text are read up to a point; there the state of one head is replaced, and the \
    rest of the window is read once with the model's own state and once with the changed one \
    (an intervention as in causal tracing, Meng et al. 2022). `zero` empties the head's state, \
    `mean` puts the mean of that head over many positions of the text in its place, `shuffle` \
    puts its numbers in random places, so that size and distribution stay and nothing else. \
    `decay` does not touch the state: the head's half-lives are multiplied by `factor` in a \
    changed model that reads the window from its beginning. ΔNLL is the rise of −ln p of the \
    text's own next token, KL(p ‖ p′) the divergence of all predictions, p being those of the \
    model as it is; both are means over the tokens after the point and the windows, in nats. A \
    head that fills up again soon loses little: fewer tokens `after` show it better. Of \
    RWKV-4, which has no heads, runs of channels are changed.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.text("change", ZERO, List.of(ZERO, MEAN, SHUFFLE, DECAY), "what is done to a head"),
        Setting.real("factor", 0.5, 0.001, 1000, "of the half-lives, where decay is changed"),
        Setting.whole("context", 128, 1, 1_000_000, "tokens before the change"),
        Setting.whole("after", 32, 1, 1_000_000, "tokens read after it"),
        Setting.whole("windows", 4, 1, 256, "windows of the text"));
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    return Memory.missing(model);
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new Ablation(context).run();
  }
}
