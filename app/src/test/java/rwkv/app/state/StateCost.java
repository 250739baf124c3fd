package rwkv.app.state;

import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.PictureCost;
import rwkv.app.chart.SyntheticModel;
import rwkv.engine.analysis.Survival;
import rwkv.engine.session.Frame;

/** Costs of a wall's frame and of a head's survival, printed. A benchmark for the eye, no test. */
final class StateCost {

  private StateCost() {}

  public static void main(String[] arguments) {
    wall(4, 4, 32, 700, 400);
    wall(12, 12, 64, 1400, 1000);
    wall(32, 32, 64, 2048, 1536);
    wall(61, 64, 64, 2048, 1536);
    for (int size : new int[] {32, 64}) {
      SyntheticModel model = new SyntheticModel(1, 1, size, 1);
      for (int t = 0; t < 256; t++) {
        model.step();
      }
      Frame frame = model.frame(0, 0);
      double[] tokens = new double[60];
      for (int p = 0; p < 60; p++) {
        tokens[p] = Math.round(Math.pow(10_000, p / 59.0));
      }
      Survival survival = new Survival(tokens, size);
      PictureCost.measure(
          "survival of " + size + " channels over 256 tokens",
          round -> survival.measure(frame.headDecays(), frame.meanLogDecay()[0], 0));
    }
  }

  private static void wall(int layers, int heads, int size, int width, int height) {
    SyntheticModel model = new SyntheticModel(layers, heads, size, 1);
    model.step();
    ShownState state = new ShownState();
    state.open(model.spec(), "cost");
    WallGeometry geometry = WallGeometry.fit(width, height, layers, heads, size, size);
    int[] pixels = new int[geometry.width() * geometry.height()];
    WallPainter painter = new WallPainter(new DivergingMap(0xFFFFFF));
    String what = "%dx%d heads of %d ".formatted(layers, heads, size);
    PictureCost.measure(what + "copy and scale", _ -> state.see(model.frame(0, 0)));
    PictureCost.measure(
        what + "colour %dx%d".formatted(geometry.width(), geometry.height()),
        _ -> painter.paint(pixels, geometry, state));
  }
}
