package rwkv.app.theme;

import javafx.beans.InvalidationListener;
import javafx.scene.Group;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.Text;

/**
 * A colour of the theme for code that paints by itself: an empty text whose fill the style sheet
 * decides. Add it to the picture's children, unmanaged, and repaint when it changes.
 */
public final class Ink extends Group {

  private final Text swatch = new Text();

  /**
   * @param styleClass one of the {@code ink-…} classes of the style sheet
   * @param repaint run whenever the colour changes
   */
  public Ink(String styleClass, Runnable repaint) {
    swatch.getStyleClass().add(styleClass);
    InvalidationListener changed = _ -> repaint.run();
    swatch.fillProperty().addListener(changed);
    getChildren().add(swatch);
    setManaged(false);
    setMouseTransparent(true);
  }

  /** What the theme says now. */
  public Paint paint() {
    return swatch.getFill();
  }

  /** The same as a colour; black where the theme has no plain colour. */
  public Color color() {
    return swatch.getFill() instanceof Color color ? color : Color.BLACK;
  }
}
