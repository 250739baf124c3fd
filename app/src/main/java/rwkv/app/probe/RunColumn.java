package rwkv.app.probe;

import java.util.function.Function;

/** What the list says about a run. */
enum RunColumn {
  PROBE("probe", 130, "What was asked", run -> run.run().probe().name()),
  MODEL("model", 100, "Of which model", run -> run.run().model().model()),
  SETTINGS("settings", 170, "Parameters and seed", run -> RunWords.parameters(run.run())),
  WHEN("when", 104, "When it was started", run -> RunWords.when(run.run().started())),
  STATE("state", 80, "What it is doing", ProbeRunViewModel::state),
  TIME("time", 92, "Time left, or time taken", ProbeRunViewModel::time),
  VERDICT("verdict", 300, "The answer in a sentence", ProbeRunViewModel::verdict);

  private final String title;
  private final double width;
  private final String meaning;
  private final Function<ProbeRunViewModel, String> text;

  RunColumn(String title, double width, String meaning, Function<ProbeRunViewModel, String> text) {
    this.title = title;
    this.width = width;
    this.meaning = meaning;
    this.text = text;
  }

  String title() {
    return title;
  }

  double width() {
    return width;
  }

  String meaning() {
    return meaning;
  }

  String text(ProbeRunViewModel run) {
    return text.apply(run);
  }
}
