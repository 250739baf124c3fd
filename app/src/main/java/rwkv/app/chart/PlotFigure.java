package rwkv.app.chart;

import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import tech.tablesaw.api.Table;

/** A picture with its title, its keys, what is under the mouse, and its menu. */
public final class PlotFigure extends VBox {

  private final PictureMenu menu;
  private final HBox keys = new HBox();
  private final HBox head;

  /**
   * @param name files are proposed under
   * @param help what it shows, in a sentence or two
   * @param caption for exports
   * @param numbers for exports
   */
  public PlotFigure(
      String title,
      String help,
      PlotPicture picture,
      String name,
      Supplier<String> caption,
      Supplier<Table> numbers) {
    getStyleClass().addAll("picture-view", "lab-figure");
    Label heading = new Label(title);
    heading.getStyleClass().add("view-title");
    heading.setMinWidth(USE_PREF_SIZE);
    heading.setTooltip(new Tooltip(help));
    picture.setAccessibleHelp(help);
    keys.getStyleClass().add("lab-keys");
    keys.setAlignment(Pos.CENTER_LEFT);
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox head = new HBox(heading, gap);
    head.getStyleClass().add("view-head");
    head.setAlignment(Pos.CENTER_LEFT);
    Label readout = new Label();
    readout.getStyleClass().add("readout");
    readout.setMinWidth(0);
    readout.textProperty().bind(picture.readoutProperty());
    VBox.setVgrow(picture, Priority.ALWAYS);
    getChildren().addAll(head, picture, readout);
    this.head = head;
    setMinSize(0, 0);
    menu =
        new PictureMenu(this, picture, name, () -> title + ". " + caption.get())
            .export("Export data as CSV…", "", numbers);
  }

  /** Adds a key: a swatch of a style class, and what it stands for. */
  public PlotFigure key(String style, String words) {
    Region swatch = new Region();
    swatch.getStyleClass().addAll("key", style);
    Label key = new Label(words, swatch);
    key.getStyleClass().add("note");
    key.setMinWidth(0);
    keys.getChildren().add(key);
    if (keys.getParent() == null) {
      getChildren().add(1, keys);
    }
    return this;
  }

  /** The keys stand beside the title, where there is room. */
  public PlotFigure wide() {
    getChildren().remove(keys);
    head.getChildren().add(keys);
    return this;
  }

  /** The key added last. */
  public Node lastKey() {
    return keys.getChildren().getLast();
  }

  /** Its context menu. */
  public PictureMenu menu() {
    return menu;
  }
}
