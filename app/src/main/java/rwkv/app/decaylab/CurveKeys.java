package rwkv.app.decaylab;

import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/** The editor without a mouse. */
final class CurveKeys {

  private static final double STEP = 1.1;
  private static final double FINE = 1.01;

  private CurveKeys() {}

  /**
   * Left and right choose a control point, up and down move it (with Shift a little), page up and
   * page down change the layer.
   */
  static void install(CurvePicture picture, DecayLabViewModel model) {
    picture.addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (!event.isShortcutDown() && press(event, model)) {
            event.consume();
          }
        });
  }

  private static boolean press(KeyEvent event, DecayLabViewModel model) {
    double step = event.isShiftDown() ? FINE : STEP;
    switch (event.getCode()) {
      case LEFT -> choose(model, -1);
      case RIGHT -> choose(model, 1);
      case UP -> model.nudge(step);
      case DOWN -> model.nudge(1 / step);
      case PAGE_UP -> model.moveLayer(-1);
      case PAGE_DOWN -> model.moveLayer(1);
      default -> {
        return event.getCode() == KeyCode.SPACE;
      }
    }
    return true;
  }

  private static void choose(DecayLabViewModel model, int by) {
    int point = model.pointProperty().get() + by;
    model.pointProperty().set(Math.clamp(point, 0, model.pointsProperty().get() - 1));
  }
}
