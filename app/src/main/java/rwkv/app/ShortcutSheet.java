package rwkv.app;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** A sheet over the window: how it is used, and every key. */
public final class ShortcutSheet extends StackPane {

  private static final int COLUMNS = 3;

  private static final String[] WORDS = {
    "Press Generate: the model reads the prompt and goes on writing. Drop a .pth,"
        + " .safetensors, .gguf or .bin file on the window to open another model, a state file to"
        + " begin every text with that state, or a plugin's .jar to install it.",
    "Every token is tinted by the probability that the model gave it. Point at a token to see the"
        + " ten it thought likeliest.",
    "The state wall shows what the model remembers: one matrix per head, layers down, heads to the"
        + " right. Click a head, or move with the arrow keys, and every view follows.",
    "Text typed after a pause is read as it stands when you press Generate again. Stop starts over"
        + " with the prompt; Reset also clears the text.",
    "A template writes what you type as the model was trained to be asked. In Chat the state is"
        + " kept between turns; Again draws the last answer anew from the state before it.",
  };

  public ShortcutSheet() {
    getStyleClass().add("sheet-back");
    setVisible(false);
    VBox sheet = new VBox();
    sheet.getStyleClass().add("sheet");
    Label title = new Label("How this works");
    title.getStyleClass().add("card-title");
    sheet.getChildren().add(title);
    for (String words : WORDS) {
      Label paragraph = new Label(words);
      paragraph.setWrapText(true);
      paragraph.setMinHeight(USE_PREF_SIZE);
      sheet.getChildren().add(paragraph);
    }
    Label keys = new Label("Keys");
    keys.getStyleClass().add("section-title");
    Label end = new Label("F1 or Esc closes this sheet.");
    end.getStyleClass().add("muted");
    sheet.getChildren().addAll(keys, keys(), end);
    sheet.setMaxSize(840, USE_PREF_SIZE);
    getChildren().add(sheet);
    setOnMouseClicked(_ -> setVisible(false));
  }

  private static GridPane keys() {
    GridPane grid = new GridPane();
    grid.getStyleClass().add("keys");
    Shortcut[] all = Shortcut.values();
    int rows = (all.length + COLUMNS) / COLUMNS;
    for (int i = 0; i < all.length; i++) {
      add(grid, i / rows, i % rows, all[i].shown(), all[i].does());
    }
    add(grid, all.length / rows, all.length % rows, "← ↑ → ↓", "Another head, on a picture");
    return grid;
  }

  private static void add(GridPane grid, int column, int row, String keys, String does) {
    Label key = new Label(keys);
    key.getStyleClass().add("key");
    key.setMinWidth(USE_PREF_SIZE);
    HBox cell = new HBox(key);
    cell.setAlignment(Pos.CENTER_LEFT);
    grid.add(cell, 2 * column, row);
    Label words = new Label(does);
    words.setMinWidth(USE_PREF_SIZE);
    grid.add(words, 2 * column + 1, row);
  }
}
