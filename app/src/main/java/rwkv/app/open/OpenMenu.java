package rwkv.app.open;

import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** The items under the model's name: samples, a file, recent files. Made anew whenever it opens. */
public final class OpenMenu {

  private final OpenViewModel open;
  private final Runnable chooseFile;

  private OpenMenu(OpenViewModel open, Runnable chooseFile) {
    this.open = open;
    this.chooseFile = chooseFile;
  }

  /**
   * Fills a button's menu.
   *
   * @param chooseFile shows the file chooser
   */
  public static void install(MenuButton button, OpenViewModel open, Runnable chooseFile) {
    OpenMenu menu = new OpenMenu(open, chooseFile);
    button.setOnShowing(_ -> menu.fill(button));
    menu.fill(button);
  }

  private void fill(MenuButton button) {
    button.getItems().clear();
    List<SampleModels.Sample> samples = SampleModels.find();
    if (!samples.isEmpty()) {
      button.getItems().add(heading("Samples"));
      samples.forEach(sample -> button.getItems().add(sample(sample)));
      button.getItems().add(new SeparatorMenuItem());
    }
    MenuItem file = new MenuItem("Open model or state…   Ctrl+O", new FontIcon(Feather.FOLDER));
    file.setId("openFile");
    file.setOnAction(_ -> chooseFile.run());
    button.getItems().add(file);
    InitialState state = open.initialStateProperty().get();
    if (state != null) {
      MenuItem forget =
          new MenuItem("Forget the initial state " + state.name(), new FontIcon(Feather.X));
      forget.setId("forgetState");
      forget.setOnAction(_ -> open.forgetInitialState());
      button.getItems().add(forget);
    }
    if (!open.recents().files().isEmpty()) {
      button.getItems().addAll(new SeparatorMenuItem(), heading("Recent files"));
      for (Path recent : open.recents().files()) {
        button.getItems().add(recent(button, recent));
      }
    }
  }

  private static MenuItem heading(String text) {
    Label label = new Label(text);
    label.getStyleClass().add("section-title");
    CustomMenuItem item = new CustomMenuItem(label, false);
    item.setDisable(true);
    item.getStyleClass().add("menu-heading");
    return item;
  }

  private MenuItem sample(SampleModels.Sample sample) {
    Label name = new Label(ModelName.of(sample.file()));
    name.setGraphic(new FontIcon(Feather.BOX));
    name.getStyleClass().add("recent-name");
    Label meaning = new Label(sample.meaning());
    meaning.getStyleClass().add("recent-folder");
    HBox row = new HBox(8, name, meaning);
    row.getStyleClass().add("recent-row");
    CustomMenuItem item = new CustomMenuItem(row, true);
    item.setOnAction(_ -> open.open(sample.file()));
    return item;
  }

  private MenuItem recent(MenuButton button, Path file) {
    boolean missing = RecentFiles.isMissing(file);
    Label name = new Label(ModelName.of(file) + (missing ? "  (missing)" : ""));
    Label folder = new Label(String.valueOf(file.getParent()));
    folder.getStyleClass().add("recent-folder");
    name.getStyleClass().add(missing ? "recent-missing" : "recent-name");
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    Button remove = new Button();
    remove.setGraphic(new FontIcon(Feather.X));
    remove.getStyleClass().addAll("flat", "small-icon");
    remove.setAccessibleText("Remove " + name.getText() + " from this list");
    remove.setOnAction(_ -> {
      open.recents().remove(file);
      button.hide();
    });
    HBox row = new HBox(8, name, folder, gap, remove);
    row.getStyleClass().add("recent-row");
    CustomMenuItem item = new CustomMenuItem(row, true);
    item.setOnAction(_ -> open.open(file));
    return item;
  }
}
