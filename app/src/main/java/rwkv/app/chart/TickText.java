package rwkv.app.chart;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Group;
import javafx.scene.text.Text;

/**
 * The words of a picture: numbers at ticks, names of axes and lines. Begin, put every text, end;
 * the text nodes are used again. Their style class is {@code picture-text}.
 */
public final class TickText extends Group {

  private final List<Text> texts = new ArrayList<>();
  private int used;

  public TickText() {
    setManaged(false);
    setMouseTransparent(true);
  }

  /** Starts anew. */
  public void begin() {
    used = 0;
  }

  /**
   * Puts a text so that the point {@code (x, y)} is at its side or corner {@code anchor}.
   *
   * @param styles besides {@code picture-text}
   * @return the text, whose bounds are known
   */
  public Text put(String words, double x, double y, Pos anchor, String... styles) {
    if (used == texts.size()) {
      Text text = new Text();
      texts.add(text);
      getChildren().add(text);
    }
    Text text = texts.get(used++);
    text.setVisible(true);
    text.setRotate(0);
    text.setText(words);
    List<String> classes = new ArrayList<>(List.of(styles));
    classes.addFirst("picture-text");
    if (!text.getStyleClass().equals(classes)) {
      text.getStyleClass().setAll(classes);
    }
    text.applyCss();
    double width = text.getLayoutBounds().getWidth();
    double height = text.getLayoutBounds().getHeight();
    double left =
        switch (anchor.getHpos()) {
          case LEFT -> x;
          case CENTER -> x - width / 2;
          case RIGHT -> x - width;
        };
    double top =
        switch (anchor.getVpos()) {
          case TOP -> y;
          case CENTER, BASELINE -> y - height / 2;
          case BOTTOM -> y - height;
        };
    text.relocate(Math.round(left), Math.round(top));
    return text;
  }

  /** As {@link #put} with the words running upwards, centred on the point. */
  public void putUpwards(String words, double x, double y, String... styles) {
    put(words, x, y, Pos.CENTER, styles).setRotate(-90);
  }

  /** Hides the texts that were not put again. */
  public void end() {
    for (int i = used; i < texts.size(); i++) {
      texts.get(i).setVisible(false);
    }
  }
}
