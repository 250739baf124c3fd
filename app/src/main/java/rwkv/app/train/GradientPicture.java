package rwkv.app.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.SequentialMap;

/** The size of every layer's gradient, of the chosen run; the chosen layer's line is thick. */
final class GradientPicture extends StepsPicture {

  private static final double SMALLEST = 1e-12;

  GradientPicture(RunsViewModel runs) {
    super(runs, "gradient norm");
    setAccessibleText("Gradient norm of every layer of the chosen run by step");
  }

  private @Nullable RunViewModel run() {
    return runs().chosenProperty().get();
  }

  @Override
  Bounds bounds() {
    Bounds bounds = Bounds.none();
    RunViewModel run = run();
    if (run != null) {
      int stride = Math.max(1, run.history().size() / 2000);
      for (int i = 0; i < run.history().size(); i += stride) {
        for (double norm : run.history().line(i).layers()) {
          bounds = bounds.with(run.history().size(), log(norm));
        }
      }
    }
    return bounds;
  }

  private static double log(double norm) {
    return Double.isFinite(norm) ? Math.log10(Math.max(norm, SMALLEST)) : Double.NaN;
  }

  @Override
  String tick(double value) {
    return Numbers.significant(Math.pow(10, value), 2);
  }

  @Override
  protected void draw(CurveRaster on) {
    grid(on);
    RunViewModel run = run();
    if (run == null) {
      return;
    }
    SequentialMap colors = SequentialMap.on(rgb(background()));
    int layers = run.start().shape().layers();
    int chosen = runs().layerProperty().get();
    for (int layer = 0; layer < layers; layer++) {
      if (layer != chosen) {
        double share = layers == 1 ? 0.5 : 0.15 + 0.75 * layer / (layers - 1);
        curve(on, run.history().size(), norms(run, layer), 1.1, colors.color(share), 0);
      }
    }
    curve(on, run.history().size(), norms(run, chosen), 2, rgb(accent()), 0);
  }

  private static IntToDoubleFunction norms(RunViewModel run, int layer) {
    return step -> {
      double[] norms = run.history().line(step).layers();
      return layer < norms.length ? log(norms[layer]) : Double.NaN;
    };
  }

  @Override
  protected void hover(MouseEvent event) {
    RunViewModel run = run();
    int step = step(event);
    if (run != null && step > 0 && step <= run.history().size()) {
      String norms =
          Arrays.stream(run.history().line(step - 1).layers())
              .mapToObj(norm -> Numbers.significant(norm, 3))
              .collect(Collectors.joining(", "));
      tell(String.format(Locale.ROOT, "step %d, layers from 0: %s", step, norms));
    }
  }
}
