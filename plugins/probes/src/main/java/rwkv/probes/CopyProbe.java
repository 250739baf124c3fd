package rwkv.probes;

import java.util.List;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** Whether a model says again what it has read once. */
public final class CopyProbe implements Probe {

  @Override
  public String id() {
    return "copy";
  }

  @Override
  public String name() {
    return "Copy and induction";
  }

  @Override
  public String question() {
    return "When a run of random tokens comes a second time, how well is each of them foretold?";
  }

  @Override
  public String method() {
    return """
    Random tokens are read, and then the same ones again (repeated random sequences: Olsson et \
    al. 2022, "In-context Learning and Induction Heads"). Nothing but memory of the first \
    coming can foretell the second. The loss −ln p of every token is given by its place, for \
    both comings; the gain is the mean loss of the first less that of the second, and the \
    accuracy how often the likeliest token is the right one the second time. The first token of \
    each coming is left out of the means: the one before it is another one the second time. \
    Random tokens are drawn from those of a text, since most tokens of a large vocabulary are \
    hardly ever seen.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.wholes("lengths", List.of(8, 16, 32, 64, 128), 2, 100_000, "tokens of a run"),
        Setting.whole("examples", 16, 1, 1000, "runs of each length"),
        Setting.whole(
            "tokens", 512, 1, 1_000_000, "of the text that random tokens are drawn from"));
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new Copying(context).run();
  }
}
