package rwkv.probes;

import java.util.List;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** How long a single changed token is felt, in every head's state and in what is predicted. */
public final class HalfLifeProbe implements Probe {

  @Override
  public String id() {
    return "half-life";
  }

  @Override
  public String name() {
    return "Memory half-life";
  }

  @Override
  public String question() {
    return "How many tokens after one token was another is half of the difference left, in every"
        + " head and in what is predicted?";
  }

  @Override
  public String method() {
    return """
    Windows of a text are read twice, the second time with one token replaced by another one of \
    the text. The change of a head's state is ‖S′ − S‖ (Frobenius), the root of its mean square \
    over the windows. Its half-life is counted in tokens from where the change is largest (the \
    tokens in between are still writing it) until it is half as large, on a straight line in \
    the logarithm between measured points. Beside it stands what decay alone would give: the \
    half-life of ‖ΔS diag(Π w)‖, ΔS being the change where it was largest and w the decays that \
    the model used; and the median half-life ln 2 / −(mean ln w) of the head's key channels. A \
    head that is measured shorter than that erases on purpose (RWKV-7's removal, Peng et al. \
    2025) or writes over it; one that is measured longer is written again by the layers below, \
    which remember. KL(p ‖ p′) is the divergence of the predictions, p without the change. Of \
    RWKV-4, which has no heads, the averages a/b of runs of channels are the state; a token \
    whose keys are large has a larger share of them for longer.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.whole("tokens", 256, 4, 1_000_000, "tokens read after the changed one"),
        Setting.whole("context", 64, 0, 1_000_000, "tokens read before it"),
        Setting.whole("windows", 16, 1, 256, "windows of the text, each with a change"));
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    return Memory.missing(model);
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new ChangedToken(context).run();
  }
}
