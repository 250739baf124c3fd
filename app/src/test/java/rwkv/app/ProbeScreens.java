package rwkv.app;

import rwkv.app.generate.Field;
import rwkv.app.generate.SettingField;
import rwkv.app.probe.ProbeRunViewModel;
import rwkv.app.probe.ProbesViewModel;

/** What the pane of probes shows in its picture. */
final class ProbeScreens {

  private ProbeScreens() {}

  /** Three runs; the last one's pictures are shown. */
  static void probes(DrivenWindow window) {
    window.press("#railProbes");
    ProbesViewModel probes = window.model().probes();
    window.await(() -> !probes.probes().isEmpty() && probes.problemProperty().get().isEmpty());
    run(window, "half-life", "", "");
    run(window, "ablation", "change", "shuffle");
    run(window, "state-dynamics", "tokens", "3000");
    run(window, "ablation", "change", "zero");
  }

  /** Two runs of one probe in the same pictures. */
  static void compare(DrivenWindow window) {
    probes(window);
    ProbesViewModel probes = window.model().probes();
    DrivenWindow.on(() -> probes.chosen().setAll(probes.runs().get(0), probes.runs().get(2)));
  }

  private static void run(DrivenWindow window, String id, String setting, String value) {
    ProbesViewModel probes = window.model().probes();
    int before =
        DrivenWindow.on(() -> {
          probes.probes().stream()
              .filter(each -> each.id().equals(id))
              .forEach(probes.probeProperty()::set);
          probes.formProperty().get().settings().stream()
              .filter(each -> each.setting().name().equals(setting))
              .map(SettingField::field)
              .map(Field::textProperty)
              .forEach(text -> text.set(value));
          return probes.runs().size();
        });
    window.press("#probeRun");
    window.await(() -> probes.runs().size() > before);
    window.await(() -> probes.runs().stream().noneMatch(ProbeRunViewModel::isRunning));
  }
}
