package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import atlantafx.base.theme.PrimerLight;
import java.util.ArrayList;
import java.util.List;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.control.MenuItem;
import javafx.scene.image.Image;
import javafx.scene.input.Clipboard;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;

class PictureMenuTest extends ApplicationTest {

  private final List<String> told = new ArrayList<>();
  private PictureRegion picture;
  private PictureMenu menu;

  /** A red square on the theme's ground. */
  private static final class Square extends PictureRegion {
    private final HeatSurface surface = new HeatSurface();

    Square() {
      getChildren().add(surface.view());
    }

    @Override
    protected void arrange() {
      surface.place(10, 10, 20, 20, 1);
      java.util.Arrays.fill(surface.pixels(), 0xFFFF0000);
      surface.show();
    }
  }

  @Override
  public void start(Stage stage) {
    Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
    picture = new Square();
    StackPane view = new StackPane(picture);
    view.addEventHandler(PictureMessage.ANY, message -> told.add(message.sentence()));
    menu = new PictureMenu(view, picture, "square", () -> "A red square, after 3 tokens.");
    menu.separate().add("Something else", () -> told.add("something else"));
    stage.setScene(new Scene(view, 300, 200));
    // Tests share the stage, and an earlier one may have left it large.
    stage.sizeToScene();
    stage.show();
  }

  @Test
  void isAskedForWithTheOtherButton() {
    clickOn(picture, MouseButton.SECONDARY);
    assertTrue(menu.menu().isShowing());
    assertEquals(
        List.of("Copy picture", "Save picture as PNG…", "Something else"),
        menu.menu().getItems().stream()
            .map(MenuItem::getText)
            .filter(words -> words != null)
            .toList());
    clickOn("Something else");
    assertEquals(List.of("something else"), told);
  }

  @Test
  void copiesThePictureTwiceAsFineWithItsCaption() {
    interact(() -> menu.menu().getItems().getFirst().fire());
    assertEquals(List.of("The picture is in the clipboard."), told);
    interact(() -> {
      Image image = Clipboard.getSystemClipboard().getImage();
      assertEquals(600, image.getWidth());
      assertTrue(image.getHeight() > 430, "height " + image.getHeight());
      assertEquals(0xFFFF0000, image.getPixelReader().getArgb(40, 40));
      assertEquals(0xFFFFFFFF, image.getPixelReader().getArgb(10, 10));
      assertTrue(inkBelow(image), "no caption");
    });
  }

  private static boolean inkBelow(Image image) {
    for (int y = 400; y < image.getHeight(); y++) {
      for (int x = 0; x < 600; x++) {
        if ((image.getPixelReader().getArgb(x, y) & 255) < 160) {
          return true;
        }
      }
    }
    return false;
  }
}
