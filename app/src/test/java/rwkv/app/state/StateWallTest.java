package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import javafx.application.Application;
import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.ToggleButton;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;
import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.SyntheticModel;
import rwkv.app.cursor.Place;
import rwkv.app.cursor.PlaceCursor;

class StateWallTest extends ApplicationTest {

  private static final int SIZE = 16;

  private final SyntheticModel model = new SyntheticModel(4, 4, SIZE, 1);
  private final PlaceCursor cursor = new PlaceCursor();
  private StateWall wall;
  private StackPane root;

  @Override
  public void start(Stage stage) {
    Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
    wall = new StateWall();
    root = new StackPane(wall);
    stage.setScene(new Scene(root, 700, 500));
    stage.show();
    cursor.bounds(4, 4);
    wall.bind(cursor);
    wall.open(model.spec(), "synthetic");
    set(2, 3, 5, 7, -0.5f);
    set(0, 0, 0, 0, 0.5f);
    wall.show(model.frame(0, 0));
  }

  private void set(int layer, int head, int i, int j, float value) {
    model.wkv()[layer][(head * SIZE + i) * SIZE + j] = value;
  }

  /** The middle of a value's square in the picture. */
  private Point2D at(int layer, int head, int i, int j) {
    WallPicture picture = (WallPicture) wall.picture();
    WallGeometry g = picture.geometry();
    double x = 30 + head * g.across() + (j + 0.5) * g.zoom();
    double y = 18 + layer * g.down() + (i + 0.5) * g.zoom();
    return new Point2D(x, y);
  }

  private Point2D onScreen(int layer, int head, int i, int j) {
    return wall.picture().localToScreen(at(layer, head, i, j));
  }

  private Color colorAt(int layer, int head, int i, int j) {
    WaitForAsyncUtils.waitForFxEvents();
    return WaitForAsyncUtils.waitForAsyncFx(
        5000,
        () -> {
          WritableImage image = wall.picture().snapshot(new SnapshotParameters(), null);
          Point2D point = at(layer, head, i, j);
          return image.getPixelReader().getColor((int) point.getX(), (int) point.getY());
        });
  }

  @Test
  void valuesHaveTheColoursOfTheScale() {
    DivergingMap map = new DivergingMap(0xFFFFFF);
    assertEquals(0xFFFFFF, PictureRegion.rgb(colorAt(1, 1, 3, 3)));
    assertEquals(map.color(0.5f, 0.5f) & 0xFFFFFF, PictureRegion.rgb(colorAt(0, 0, 0, 0)));
    assertEquals(map.color(-0.5f, 0.5f) & 0xFFFFFF, PictureRegion.rgb(colorAt(2, 3, 5, 7)));
    assertEquals(0xFFFFFF, PictureRegion.rgb(colorAt(2, 3, 5, 8)));
  }

  @Test
  void inADarkThemeZeroIsDark() {
    interact(() -> Application.setUserAgentStylesheet(new PrimerDark().getUserAgentStylesheet()));
    Color zero = colorAt(1, 1, 3, 3);
    assertTrue(zero.getBrightness() < 0.15, zero.toString());
    Color negative = colorAt(2, 3, 5, 7);
    assertTrue(negative.getBlue() > 0.8 && negative.getRed() < 0.8, negative.toString());
  }

  @Test
  void hoverReadsOutTheNumber() {
    moveTo(onScreen(2, 3, 5, 7));
    assertEquals("L2 H3, value i=5, key j=7: -0.500", wall.readoutProperty().get());
    moveTo(onScreen(3, 0, 15, 0));
    assertEquals("L3 H0, value i=15, key j=0: 0", wall.readoutProperty().get());
  }

  @Test
  void clickChoosesAndArrowsMove() {
    clickOn(onScreen(2, 3, 5, 7));
    assertEquals(new Place(2, 3), cursor.place());
    press(KeyCode.UP).release(KeyCode.UP);
    press(KeyCode.LEFT).release(KeyCode.LEFT);
    assertEquals(new Place(1, 2), cursor.place());
    press(KeyCode.RIGHT).release(KeyCode.RIGHT);
    press(KeyCode.RIGHT).release(KeyCode.RIGHT);
    assertEquals(new Place(1, 3), cursor.place());
  }

  @Test
  void theScaleCanBeEveryHeadsOwn() {
    interact(() -> set(1, 1, 3, 3, 0.001f));
    interact(() -> wall.show(model.frame(0, 0)));
    ToggleButton perHead = lookup("Per head").queryAs(ToggleButton.class);
    interact(perHead::fire);
    int strongest = new DivergingMap(0xFFFFFF).step(DivergingMap.STEPS) & 0xFFFFFF;
    assertEquals(strongest, PictureRegion.rgb(colorAt(1, 1, 3, 3)));
    interact(perHead::fire);
    assertTrue(perHead.isSelected());
  }

  @Test
  void aHiddenWallCostsNothing() {
    interact(() -> {
      root.setVisible(false);
      set(1, 1, 1, 1, 7);
      wall.show(model.frame(0, 0));
    });
    assertEquals(0, wall.state().value(1, 1, 1, 1));
    interact(() -> root.setVisible(true));
    assertFalse(wall.state().modelName().isEmpty());
  }
}
