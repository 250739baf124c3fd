package rwkv.app.generate;

import java.util.LinkedHashMap;
import java.util.Map;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.Image;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.scene.transform.Transform;

/**
 * Text of scripts that must be shaped (Arabic, Devanagari, combining marks, emoji, …) as pictures.
 *
 * <p>A canvas shapes its text on JavaFX's render thread. On Linux the shaper is shared with the
 * JavaFX thread and not locked, and when both shape at once the process dies of a double free. A
 * text node is shaped on the JavaFX thread alone, so such text is drawn by way of one. Text that is
 * only looked up in a font, glyph by glyph, is safe on a canvas.
 */
final class ShapedText {

  private static final int MOST = 1024;

  private record Key(String text, Color color, double scale) {}

  private final Font font;
  private final Map<Key, Image> images =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Image> eldest) {
          return size() > MOST;
        }
      };

  ShapedText(Font font) {
    this.font = font;
  }

  /** Whether a text may need more than looking up its characters one by one. */
  static boolean isNeeded(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Scripts without shaping: Latin, Greek, Cyrillic, Armenian, East Asian, and symbols. */
  private static boolean isPlain(char c) {
    return c < 0x0300
        || c >= 0x0370 && c < 0x0590 && !isCyrillicMark(c)
        || c >= 0x1e00 && c < 0x200b
        || c >= 0x2010 && c < 0x2028
        || c >= 0x2030 && c < 0x2060
        || c >= 0x2070 && c < 0x20d0
        || c >= 0x2100 && c < 0x2c00
        || c >= 0x3000 && c < 0xa000 && !(c >= 0x302a && c < 0x3030 || c == 0x3099 || c == 0x309a)
        || c >= 0xac00 && c < 0xd7a4
        || c >= 0xf900 && c < 0xfb00
        || c >= 0xff00 && c < 0xfff0
        || c == 0xfffd;
  }

  private static boolean isCyrillicMark(char c) {
    return c >= 0x0483 && c < 0x048a;
  }

  /**
   * The text as a picture, of {@code scale} pixels for one of the screen's units.
   *
   * <p>To be called on the JavaFX thread.
   */
  Image image(String text, Color color, double scale) {
    return images.computeIfAbsent(new Key(text, color, scale), this::draw);
  }

  private Image draw(Key key) {
    Text node = new Text(key.text);
    node.setFont(font);
    node.setFill(key.color);
    SnapshotParameters parameters = new SnapshotParameters();
    parameters.setFill(Color.TRANSPARENT);
    parameters.setTransform(Transform.scale(key.scale, key.scale));
    return node.snapshot(parameters, null);
  }
}
