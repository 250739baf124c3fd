package rwkv.app;

import java.util.Map;
import rwkv.app.decaylab.Scope;
import rwkv.engine.model.Version;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFormula;

/** What the decay lab's pictures show. */
final class LabScreens {

  private LabScreens() {}

  /** The open model's decays with the band of its text, one layer drawn over by hand. */
  static void curve(DrivenWindow window) {
    open(window);
    window.press("#decayMeasure");
    window.await(() -> !window.model().labRuns().job().runningProperty().get());
    DrivenWindow.on(() -> {
      var lab = window.model().decayLab();
      lab.layerProperty().set(2);
      lab.pointProperty().set(5);
      lab.nudge(6);
      lab.pointProperty().set(6);
      lab.nudge(9);
      return null;
    });
  }

  /** A model about to be created, every layer from fast to slow. */
  static void plan(DrivenWindow window) {
    open(window);
    window.press("#decayNewModel");
    DrivenWindow.on(() -> {
      var lab = window.model().decayLab();
      lab.plan().versionProperty().set(Version.V6);
      lab.scopeProperty().set(Scope.BETWEEN);
      lab.layerProperty().set(0);
      DecayCurve start = lab.toCurve();
      DecayFormula fast = new DecayFormula.LogUniform(0.3, 15);
      DecayFormula slow = new DecayFormula.LogUniform(20, 20_000);
      DecayCurve ends =
          start
              .with(0, fast.raw(0, start.shape()))
              .with(11, slow.raw(11, start.shape()))
              .interpolated();
      lab.use(ends, "fast to slow");
      return Map.of();
    });
  }

  /** Original and changed model side by side. */
  static void compare(DrivenWindow window) {
    curve(window);
    DrivenWindow.on(() -> {
      var tabs = (javafx.scene.control.TabPane) window.node("#decayTabs");
      tabs.getSelectionModel().select(1);
      return null;
    });
    window.press("#compareRun");
    window.await(() -> window.model().labRuns().comparisonProperty().get() != null);
  }

  /** Two runs side by side, on their way. */
  static void runs(DrivenWindow window) {
    curve(window);
    DrivenWindow.on(() -> {
      var tabs = (javafx.scene.control.TabPane) window.node("#decayTabs");
      tabs.getSelectionModel().select(2);
      return null;
    });
    window.press("#runTrain");
    window.await(() -> {
      var runs = window.model().training().runs();
      return runs.size() == 2 && runs.getLast().steps() > 150;
    });
  }

  private static void open(DrivenWindow window) {
    window.press("#railDecaylab");
    window.await(() -> window.model().labRuns().openKnownProperty().get());
  }
}
