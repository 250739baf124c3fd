package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javafx.scene.image.Image;
import javafx.scene.image.WritableImage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxToolkit;

class PngTest {

  @BeforeAll
  static void start() throws Exception {
    FxToolkit.registerPrimaryStage();
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    Random random = Seeds.random("png");
    WritableImage image = new WritableImage(37, 19);
    for (int y = 0; y < 19; y++) {
      for (int x = 0; x < 37; x++) {
        image.getPixelWriter().setArgb(x, y, 0xFF000000 | random.nextInt());
      }
    }
    byte[] file = Png.bytes(image, "WKV state, ±0.5");
    Image back = new Image(new ByteArrayInputStream(file));
    assertEquals(37, back.getWidth());
    for (int y = 0; y < 19; y++) {
      for (int x = 0; x < 37; x++) {
        int expected = image.getPixelReader().getArgb(x, y);
        assertEquals(expected, back.getPixelReader().getArgb(x, y));
      }
    }
    String text = new String(file, StandardCharsets.UTF_8);
    assertTrue(text.contains("Description") && text.contains("WKV state, ±0.5"));
  }
}
