package rwkv.app.truth;

import java.util.List;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import javafx.scene.shape.Circle;
import rwkv.engine.verify.Verdict;

/** A light beside the model's name: green, amber, red, or grey while nobody has looked. */
public final class TruthBadge extends Button {

  private static final double RADIUS = 5;
  private static final List<String> COLOURS = List.of("green", "amber", "red", "busy", "unknown");

  private final Circle light = new Circle(RADIUS);

  public TruthBadge() {
    setId("truthBadge");
    getStyleClass().addAll("flat", "truth-badge");
    light.getStyleClass().add("truth-light");
    setGraphic(light);
    setMinWidth(USE_PREF_SIZE);
  }

  /**
   * Shows what is known, and opens the details when pressed.
   *
   * @param details shows {@link TruthSheet}
   */
  public void bind(TruthViewModel model, Runnable details) {
    model.truthProperty().subscribe(this::show);
    setOnAction(_ -> details.run());
  }

  private void show(Truth truth) {
    setDisable(truth instanceof Truth.NoModel);
    light.getStyleClass().removeAll(COLOURS);
    light.getStyleClass().add(colour(truth));
    setText(text(truth));
    setTooltip(new Tooltip(TruthWords.sentence(truth)));
  }

  private static String colour(Truth truth) {
    return switch (truth) {
      case Truth.Tested(var report) -> report.verdict().name().toLowerCase(Locale.ROOT);
      case Truth.Testing _ -> "busy";
      case Truth.Failed _ -> "red";
      case Truth.NoModel _, Truth.Untested _ -> "unknown";
    };
  }

  /** Words as well as colours: not everybody tells green from red. */
  private static String text(Truth truth) {
    return switch (truth) {
      case Truth.Tested(var report) ->
          report.verdict() == Verdict.GREEN
              ? "verified"
              : report.verdict() == Verdict.AMBER ? "inexact" : "wrong";
      case Truth.Testing(double done) -> String.format(Locale.ROOT, "testing %.0f %%", done * 100);
      case Truth.Failed _ -> "not testable";
      case Truth.NoModel _ -> "truth";
      case Truth.Untested _ -> "untested";
    };
  }
}
