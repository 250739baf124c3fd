package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import atlantafx.base.theme.PrimerLight;
import java.util.List;
import javafx.application.Application;
import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;
import rwkv.app.chart.SyntheticModel;
import rwkv.app.cursor.PlaceCursor;

class HeadViewTest extends ApplicationTest {

  private static final int SIZE = 16;

  private final SyntheticModel model = new SyntheticModel(2, 2, SIZE, 1);
  private final PlaceCursor cursor = new PlaceCursor();
  private HeadView view;

  @Override
  public void start(Stage stage) {
    Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
    view = new HeadView();
    stage.setScene(new Scene(view, 520, 400));
    stage.show();
    cursor.bounds(2, 2);
    view.bind(cursor);
    view.open(model.spec(), "synthetic");
    model.wkv()[1][(SIZE + 3) * SIZE + 12] = 0.123456789f;
    view.show(model.frame(0, 0));
  }

  private Point2D at(int i, int j) {
    double cell = (view.picture().lookup(".image-view").getLayoutBounds().getWidth()) / SIZE;
    return view.picture().localToScreen(40 + (j + 0.5) * cell, 4 + (i + 0.5) * cell);
  }

  @Test
  void followsTheCursorWithoutANewFrame() {
    interact(() -> cursor.moveTo(1, 1));
    moveTo(at(3, 12));
    assertEquals("value i=3, key j=12: 0.123457", view.readoutProperty().get());
    interact(() -> cursor.moveTo(0, 1));
    assertEquals("value i=3, key j=12: 0", view.readoutProperty().get());
  }

  @Test
  void copiesTheValueUnderTheMouse() {
    interact(() -> cursor.moveTo(1, 1));
    clickOn(at(3, 12));
    press(KeyCode.CONTROL, KeyCode.C).release(KeyCode.C, KeyCode.CONTROL);
    interact(() -> assertEquals("0.12345679", Clipboard.getSystemClipboard().getString()));
  }

  @Test
  void showsTheSharedScaleOfAnotherView() {
    interact(() -> {
      StateWall wall = new StateWall();
      view.share(wall.state());
      wall.open(model.spec(), "shared");
      view.open(model.spec(), "shared");
      view.show(model.frame(0, 0));
      assertEquals(0.2, wall.state().limit(0, 0));
    });
  }

  @Test
  void ticksNeverCrowd() {
    assertEquals(List.of(0, 8, 16, 24, 31), HeadPicture.ticks(32, 6));
    assertEquals(List.of(0, 16, 32, 48, 63), HeadPicture.ticks(64, 2));
    assertEquals(List.of(0), HeadPicture.ticks(1, 100));
    assertTrue(HeadPicture.ticks(128, 1).size() <= 6);
  }
}
