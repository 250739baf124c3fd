package rwkv.app.decay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;
import rwkv.app.chart.SyntheticModel;
import rwkv.app.cursor.PlaceCursor;

class DecayViewTest extends ApplicationTest {

  private final SyntheticModel model = new SyntheticModel(2, 2, 16, 3);
  private final PlaceCursor cursor = new PlaceCursor();
  private DecayView view;

  @Override
  public void start(Stage stage) {
    Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
    view = new DecayView();
    stage.setScene(new Scene(view, 520, 400));
    stage.show();
    cursor.bounds(2, 2);
    view.bind(cursor);
    view.open(model.spec(), "synthetic");
    for (int t = 0; t < 40; t++) {
      model.step();
    }
    view.show(model.frame(0, 0));
  }

  private int pixel(int x, int y) {
    WaitForAsyncUtils.waitForFxEvents();
    Image image = ((ImageView) view.picture().lookup(".image-view")).getImage();
    return image.getPixelReader().getArgb(x, y);
  }

  @Test
  void drawsOnTheThemesGround() {
    int light = pixel(3, (int) view.picture().getHeight() - 60);
    assertEquals(0xFFFFFFFF, light);
    interact(() -> Application.setUserAgentStylesheet(new PrimerDark().getUserAgentStylesheet()));
    int dark = pixel(3, (int) view.picture().getHeight() - 60);
    assertNotEquals(light, dark);
    assertTrue((dark & 255) < 40);
  }

  @Test
  void hoverFindsAChannel() {
    assertTrue(view.readoutProperty().get().startsWith("hover"));
    moveTo(view.picture().localToScreen(200, 60));
    assertTrue(
        view.readoutProperty().get().matches("channel j=\\d+: w 0\\.\\d+, half-life .* tokens"),
        view.readoutProperty().get());
  }

  @Test
  void aNewModelHasNoCurvesYet() {
    interact(() -> view.open(model.spec(), "another"));
    moveTo(view.picture().localToScreen(200, 60));
    assertTrue(view.readoutProperty().get().startsWith("hover"));
  }
}
