package rwkv.app;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.layout.HBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import rwkv.app.open.ModelCard;
import rwkv.app.open.OpenMenu;
import rwkv.app.open.Opened;
import rwkv.app.theme.Fxml;
import rwkv.app.theme.Theme;
import rwkv.app.truth.TruthBadge;

/** Above everything: which model this is, and the window's own buttons. */
public final class TopBar extends HBox {

  @FXML private MenuButton modelMenu;
  @FXML private Label summary;
  @FXML private Label initial;
  @FXML private TruthBadge truth;
  @FXML private Button card;
  @FXML private MenuButton panes;
  @FXML private Button theme;
  @FXML private Button help;

  public TopBar() {
    Fxml.load(this);
  }

  void bind(
      WorkbenchViewModel workbench, Runnable chooseFile, Runnable showTruth, Runnable showHelp) {
    truth.bind(workbench.truth(), showTruth);
    OpenMenu.install(modelMenu, workbench.open(), chooseFile);
    workbench.open().openedProperty().subscribe(this::show);
    workbench
        .open()
        .initialStateProperty()
        .subscribe(state -> initial.setText(state == null ? "" : "begins with " + state.name()));
    initial.managedProperty().bind(initial.textProperty().isNotEmpty());
    card.setOnAction(_ -> workbench.activityProperty().set(Activity.CARD));
    for (Pane pane : Pane.values()) {
      CheckMenuItem item = new CheckMenuItem(pane.title() + "   Ctrl+" + (pane.ordinal() + 1));
      item.setOnAction(_ -> workbench.toggle(pane));
      workbench.shown(pane).subscribe(shown -> item.setSelected(shown));
      panes.getItems().add(item);
    }
    theme.setOnAction(_ -> workbench.themeProperty().set(workbench.themeProperty().get().other()));
    workbench
        .themeProperty()
        .subscribe((Theme now) ->
            theme.setGraphic(new FontIcon(now == Theme.DARK ? Feather.SUN : Feather.MOON)));
    help.setOnAction(_ -> showHelp.run());
  }

  private void show(@Nullable Opened opened) {
    modelMenu.setText(opened == null ? "Open a model" : opened.model().name());
    summary.setText(opened == null ? "" : ModelCard.summary(opened.model()));
    card.setDisable(opened == null);
  }
}
