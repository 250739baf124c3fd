package rwkv.app.train;

import java.util.Locale;
import java.util.function.Function;
import rwkv.app.chart.Numbers;
import rwkv.app.theme.Sizes;
import rwkv.engine.train.ModelPlan;

/** What the table says about a run. */
enum RunColumn {
  TASK("task", 62, "What is learnt", run -> run.config().task().name()),
  BEGINS("begins with", 120, "The decays that it began with", RunViewModel::initialisation),
  VERSION(
      "model",
      76,
      "Version, layers × width",
      run ->
          "v%s %d×%d"
              .formatted(
                  ModelPlan.number(run.model().plan().version()),
                  run.model().plan().layers(),
                  run.model().plan().channels())),
  STATE("state", 66, "What it is doing", run -> run.state().words()),
  STEPS(
      "steps",
      78,
      "Steps taken, of those wanted",
      run -> Numbers.count(run.steps()) + "/" + Numbers.count(run.planned())),
  SPEED(
      "tok/s",
      54,
      "Tokens a second, while it has its turn",
      run -> Double.isNaN(run.speed()) ? "" : Sizes.count(Math.round(run.speed()))),
  LEFT("left", 50, "Time left, with as many runs as now taking turns", RunViewModel::left),
  FIRST("first", 50, "Loss of the first step, nats", run -> loss(run.history().first())),
  LAST("last", 50, "Smoothed loss of the last step, nats", run -> loss(run.history().last())),
  BEST("best", 50, "Lowest smoothed loss, nats", run -> loss(run.history().best())),
  NORM(
      "grad",
      50,
      "Norm of the whole gradient at the last step",
      run ->
          Double.isNaN(run.history().norm()) ? "" : Numbers.significant(run.history().norm(), 2)),
  ACCURACY(
      "right",
      58,
      "Right answers to held-out examples, once it has ended",
      run -> Double.isNaN(run.accuracy()) ? "" : Sizes.percent(run.accuracy())),
  SECONDS(
      "sec",
      52,
      "Computing time so far, seconds",
      run -> String.format(Locale.ROOT, "%.0f", run.seconds()));

  private final String title;
  private final double width;
  private final String meaning;
  private final Function<RunViewModel, String> text;

  RunColumn(String title, double width, String meaning, Function<RunViewModel, String> text) {
    this.title = title;
    this.width = width;
    this.meaning = meaning;
    this.text = text;
  }

  private static String loss(double loss) {
    return Double.isNaN(loss) ? "" : String.format(Locale.ROOT, "%.3f", loss);
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

  String text(RunViewModel run) {
    return text.apply(run);
  }

  boolean isNumeric() {
    return compareTo(STATE) > 0;
  }
}
