package rwkv.probes;

import java.util.List;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** How deep in how long a text a fact can lie and still be recalled. */
public final class NeedleProbe implements Probe {

  static final String AUTO = "auto";
  static final String TEXT = "text";

  @Override
  public String id() {
    return "needle";
  }

  @Override
  public String name() {
    return "Needle in a haystack";
  }

  @Override
  public String question() {
    return "Of a fact somewhere in a long text, how much is left in the state when it is asked for,"
        + " and is it recalled?";
  }

  @Override
  public String method() {
    return """
    A pass key of five digits stands at a depth of a text of a length, and is asked for at its \
    end (Kamradt 2023; pass key: Mohtashami and Jaggi 2023). The depth is 0 at the beginning and \
    1 right before the question. It is recalled if all tokens of the answer are the likeliest \
    ones. The trace is what the needle has left in the state: ‖S − S′‖ / ‖S‖ (Frobenius) before \
    the question, S′ being the state after the same text with filler in the needle's place; the \
    mean over heads. Both are means over `trials`. A model that was taught the task `recall` by \
    this program's trainer gets a key with its value among dots. A file of the parameter `text` \
    replaces the filler. Of RWKV-4, which has no heads, runs of channels are the heads.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.text(
            "format", AUTO, List.of(AUTO, TEXT), "auto: as it was taught, where its tokens fit"),
        Setting.wholes("lengths", List.of(32, 64, 128, 256), 8, 1_000_000, "tokens of the text"),
        Setting.reals("depths", List.of(0.0, 0.25, 0.5, 0.75, 1.0), 0, 1, "places in the text"),
        Setting.whole("trials", 4, 1, 1000, "needles at each place"));
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    return Memory.missing(model);
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new Needles(context).run();
  }
}
