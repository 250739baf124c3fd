package rwkv.app.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.ModelPlan;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Runs as tables, with all digits. */
public final class RunTables {

  private RunTables() {}

  /** A row for every run; what is not known is empty. */
  public static Table list(List<RunViewModel> runs) {
    IntColumn number = IntColumn.create("run");
    LongColumn taken = LongColumn.create("steps");
    LongColumn planned = LongColumn.create("steps_planned");
    for (RunViewModel run : runs) {
      number.append(run.number());
      taken.append(run.steps());
      planned.append(run.planned());
    }
    return Table.create("runs", number)
        .addColumns(
            words("task", runs, run -> run.config().task().name()),
            words("initialisation", runs, RunViewModel::initialisation),
            words("version", runs, run -> ModelPlan.number(run.model().plan().version())),
            words("state", runs, run -> run.state().words()),
            taken,
            planned,
            numbers("loss_first", runs, run -> run.history().first()),
            numbers("loss_last_smoothed", runs, run -> run.history().last()),
            numbers("loss_best_smoothed", runs, run -> run.history().best()),
            numbers("gradient_norm_last", runs, run -> run.history().norm()),
            numbers("accuracy", runs, RunViewModel::accuracy),
            numbers("seconds", runs, RunViewModel::seconds));
  }

  private static StringColumn words(
      String title, List<RunViewModel> runs, Function<RunViewModel, String> value) {
    return StringColumn.create(title, runs.stream().map(value));
  }

  private static DoubleColumn numbers(
      String title, List<RunViewModel> runs, ToDoubleFunction<RunViewModel> value) {
    return DoubleColumn.create(title, runs.stream().mapToDouble(value).toArray());
  }

  /** A row for every step of every run: its loss, and the smoothed one. */
  static Table losses(List<RunViewModel> runs) {
    StringColumn title = StringColumn.create("run");
    LongColumn step = LongColumn.create("step");
    DoubleColumn loss = DoubleColumn.create("loss");
    DoubleColumn smoothed = DoubleColumn.create("loss_smoothed");
    DoubleColumn norm = DoubleColumn.create("gradient_norm");
    for (RunViewModel run : runs) {
      for (int i = 0; i < run.history().size(); i++) {
        title.append(run.title());
        step.append(run.history().line(i).step());
        loss.append(run.history().line(i).loss());
        smoothed.append(run.history().smoothed(i));
        norm.append(run.history().line(i).norm());
      }
    }
    return Table.create("losses", title, step, loss, smoothed, norm);
  }

  /** A row for every step of a run, with a column for every layer's gradient norm. */
  static Table gradients(RunViewModel run) {
    LongColumn step = LongColumn.create("step");
    List<Column<?>> columns = new ArrayList<>(List.of(step));
    int layers = run.start().shape().layers();
    for (int i = 0; i < run.history().size(); i++) {
      step.append(run.history().line(i).step());
    }
    for (int layer = 0; layer < layers; layer++) {
      DoubleColumn column = DoubleColumn.create("layer_" + layer);
      for (int i = 0; i < run.history().size(); i++) {
        double[] norms = run.history().line(i).layers();
        column.append(layer < norms.length ? norms[layer] : Double.NaN);
      }
      columns.add(column);
    }
    return Table.create("gradients", columns);
  }

  /** A row for every decay of a run: where it began, and where it is. */
  static Table decays(RunViewModel run) {
    IntColumn layers = IntColumn.create("layer");
    IntColumn channels = IntColumn.create("channel");
    DoubleColumn before = DoubleColumn.create("half_life_before");
    DoubleColumn now = DoubleColumn.create("half_life_now");
    DecayCurve start = run.start();
    for (int layer = 0; layer < start.shape().layers(); layer++) {
      double[] first = start.halfLives(layer);
      double[] last = run.decays().halfLives(layer);
      for (int i = 0; i < first.length; i++) {
        layers.append(layer);
        channels.append(i);
        before.append(first[i]);
        now.append(last[i]);
      }
    }
    return Table.create("decays", layers, channels, before, now);
  }
}
