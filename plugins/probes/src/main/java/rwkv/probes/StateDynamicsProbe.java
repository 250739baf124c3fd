package rwkv.probes;

import java.util.List;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** What becomes of every head's state along a text, and of the loss with it. */
public final class StateDynamicsProbe implements Probe {

  /** Reads the text of the other parameter. */
  static final String TEXT = "text";

  /** Reads nothing but newlines. */
  static final String NEWLINES = "newlines";

  @Override
  public String id() {
    return "state-dynamics";
  }

  @Override
  public String name() {
    return "State dynamics over length";
  }

  @Override
  public String question() {
    return "Does every head's state keep its size, its rank and its pace along a text, and what"
        + " becomes of the loss?";
  }

  @Override
  public String method() {
    return """
    A text is read in one go. After numbers of tokens that are evenly spread on a logarithmic \
    scale each head's state S is measured: the root mean square of its numbers, the largest of \
    them, the effective rank exp(−Σ p ln p) with p = σ/Σσ (Roy and Vetterli 2007), the stable \
    rank ‖S‖²_F / σ₁² (Rudelson and Vershynin 2007), and the drift ‖S − S₋₁‖ / ‖S‖, the share \
    that one token changes. The loss is the mean −ln p of the tokens since the last point. A \
    head blows up if its state is not finite, or if its root mean square at the end is at least \
    `growth` times what it was at a tenth of the text; recurrent models that were trained on \
    short texts do that, and their loss rises with it (Chen et al. 2024, "Stuffed Mamba"). A \
    head stands still, its state saturated, if the last token changes less than `still` of it. \
    A file that is too short is read again and again; what the model writes itself are up to \
    sixteen texts, one after the other. Of RWKV-4, which has no heads, the \
    averages a/b of runs of channels are the state; they have no rank.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.text("reading", TEXT, List.of(TEXT, NEWLINES), "what is read"),
        Setting.whole("tokens", 10_000, 20, 10_000_000, "how many tokens"),
        Setting.whole("points", 8, 1, 100, "measurements for each tenfold length"),
        Setting.real("growth", 3, 1, 1000, "a head blows up that grows so many times"),
        Setting.real("still", 0.001, 0, 1, "a head stands still whose drift is below this"));
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    return Memory.missing(model);
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new StateDynamics(context).run();
  }
}
