package rwkv.app.probing;

import java.util.List;
import java.util.function.Function;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** A probe that does what a test wants. */
record FakeProbe(Function<ProbeContext, ProbeResult> body) implements Probe {

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public String name() {
    return "Fake";
  }

  @Override
  public String question() {
    return "Does it run?";
  }

  @Override
  public String method() {
    return "It is run.";
  }

  @Override
  public List<Setting> parameters() {
    return List.of(Setting.whole("rows", 3, 1, 1000, "rows to add"));
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return body.apply(context);
  }
}
