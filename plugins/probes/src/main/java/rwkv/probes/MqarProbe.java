package rwkv.probes;

import java.util.List;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** How many keys with their values a model can hold, and whether it can use what it holds. */
public final class MqarProbe implements Probe {

  static final String AUTO = "auto";
  static final String RANDOM = "random";

  @Override
  public String id() {
    return "mqar";
  }

  @Override
  public String name() {
    return "Associative recall";
  }

  @Override
  public String question() {
    return "How many keys with their values does it remember, over what distance, and are those"
        + " that it does not say still in its state?";
  }

  @Override
  public String method() {
    return """
    Multi-query associative recall (Arora et al. 2023, "Zoology"): keys with values, then other \
    tokens, then every key once more in another order, each followed by its value. An answer is \
    right if the value is the likeliest token after the key. A model that was taught the task \
    `recall` by this program's trainer is asked in its words; any other one with random tokens \
    of a text. Storage is measured apart from use: right after the last pair, cos(S k̂, v) of \
    every head, k̂ and v being what was written when the value was read (k̂ is the removal key in \
    RWKV-7). The best head counts. A low cosine with wrong answers is a failure of storage, a \
    high one a failure of use. RWKV-4 has no matrix to ask.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.text(
            "format", AUTO, List.of(AUTO, RANDOM), "auto: as it was taught, where its tokens fit"),
        Setting.wholes("pairs", List.of(1, 2, 4, 8, 16, 32), 1, 1000, "keys with a value"),
        Setting.wholes("distances", List.of(8, 64), 0, 100_000, "tokens after the last pair"),
        Setting.whole("examples", 16, 1, 256, "sequences of each kind"),
        Setting.whole(
            "tokens", 512, 2, 1_000_000, "of the text that random tokens are drawn from"));
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new Mqar(context).run();
  }
}
