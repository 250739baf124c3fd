package rwkv.app.decay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import atlantafx.base.theme.PrimerLight;
import javafx.application.Application;
import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;
import rwkv.app.chart.SyntheticModel;
import rwkv.app.cursor.Place;
import rwkv.app.cursor.PlaceCursor;
import rwkv.engine.session.Frame;

class HalfLifeStripTest extends ApplicationTest {

  private static final float[][] NONE = {};

  private final SyntheticModel model = new SyntheticModel(2, 2, 2, 1);
  private final PlaceCursor cursor = new PlaceCursor();
  private HalfLifeStrip strip;

  @Override
  public void start(Stage stage) {
    Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
    strip = new HalfLifeStrip();
    stage.setScene(new Scene(strip, 700, 140));
    stage.show();
    cursor.bounds(2, 2);
    strip.bind(cursor);
    strip.open(model.spec(), "synthetic");
    float half = (float) Math.log(0.5);
    float[][] means = {{half, half, half, half}, {half / 10, half / 20, half / 100, half / 300}};
    strip.show(Frame.of(1, NONE, NONE, means, 0, 0, new float[][] {{0.5f, 0.5f}}));
  }

  private Point2D onScreen(int layer, int head) {
    StripPicture picture = strip.picture();
    StripGeometry g = picture.geometry();
    double x = 60 + g.left(layer, head) + g.bar() / 2.0;
    return picture.localToScreen(x, picture.getHeight() / 2);
  }

  @Test
  void hoverNamesTheHeadAndItsHalfLives() {
    moveTo(onScreen(1, 1));
    assertEquals(
        "L1 H1: half-life median 200, 10–90 % 120–280 tokens", strip.readoutProperty().get());
    moveTo(onScreen(0, 1));
    assertTrue(strip.readoutProperty().get().startsWith("L0 H1: half-life median 1.00"));
  }

  @Test
  void clickChooses() {
    clickOn(onScreen(1, 0));
    assertEquals(new Place(1, 0), cursor.place());
  }
}
