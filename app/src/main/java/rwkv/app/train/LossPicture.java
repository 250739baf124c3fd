package rwkv.app.train;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.SeriesColors;

/** The smoothed losses of all runs that are shown, in one picture. */
final class LossPicture extends StepsPicture {

  LossPicture(RunsViewModel runs) {
    super(runs, "loss, nats");
    setAccessibleText("Smoothed loss of the runs by step");
  }

  @Override
  Bounds bounds() {
    Bounds bounds = Bounds.none();
    for (RunViewModel run : runs().shown()) {
      RunHistory history = run.history();
      int stride = Math.max(1, history.size() / 2000);
      for (int i = 0; i < history.size(); i += stride) {
        bounds = bounds.with(history.size(), history.smoothed(i));
      }
    }
    return bounds;
  }

  @Override
  protected void draw(CurveRaster on) {
    grid(on);
    List<RunViewModel> shown = runs().shown();
    for (int i = shown.size() - 1; i >= 0; i--) {
      RunViewModel run = shown.get(i);
      double thickness = run == runs().chosenProperty().get() ? 2.6 : 1.5;
      int color = SeriesColors.rgb(run.slot(), background());
      RunHistory history = run.history();
      double dash = SeriesColors.dash(run.slot());
      curve(on, history.size(), history::smoothed, thickness, color, dash);
    }
  }

  @Override
  protected void hover(MouseEvent event) {
    int step = step(event);
    if (step > 0) {
      String losses =
          runs().shown().stream()
              .filter(run -> run.history().size() >= step)
              .map(run ->
                  String.format(
                      Locale.ROOT, "run %d %.3f", run.number(), run.history().smoothed(step - 1)))
              .collect(Collectors.joining(", "));
      tell("step " + Numbers.count(step) + (losses.isEmpty() ? "" : ": " + losses));
    }
  }
}
