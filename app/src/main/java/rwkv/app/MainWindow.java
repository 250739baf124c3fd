package rwkv.app;

import java.util.concurrent.Executor;
import javafx.fxml.FXML;
import javafx.scene.layout.StackPane;
import rwkv.app.chart.PictureMessage;
import rwkv.app.message.Banner;
import rwkv.app.open.CardPane;
import rwkv.app.open.FileDrop;
import rwkv.app.theme.Fxml;

/** The whole window. */
public final class MainWindow extends StackPane {

  @FXML private TopBar topBar;
  @FXML private Banner banner;
  @FXML private LoadingStrip loading;
  @FXML private Rail rail;
  @FXML private ExplorePane explore;
  @FXML private CardPane card;
  @FXML private StatusBar status;
  @FXML private ShortcutSheet help;
  private final ModelChooser chooser = new ModelChooser();
  private final WorkbenchViewModel workbench;

  MainWindow(WorkbenchViewModel workbench, FxBridge bridge, Executor background) {
    this.workbench = workbench;
    Fxml.load(this);
    topBar.bind(workbench, this::chooseFile, this::toggleHelp);
    banner.bind(workbench.messages());
    loading.bind(workbench.open());
    rail.bind(workbench.activityProperty());
    explore.bind(workbench);
    card.bind(workbench.open());
    status.bind(workbench, bridge);
    explore.visibleProperty().bind(workbench.activityProperty().isEqualTo(Activity.EXPLORE));
    card.visibleProperty().bind(workbench.activityProperty().isEqualTo(Activity.CARD));
    FileDrop.install(this, workbench.open());
    addEventHandler(PictureMessage.ANY, this::tell);
    new SessionLink(workbench, bridge, explore.pictures(), background).begin();
  }

  private void tell(PictureMessage message) {
    if (message.failure() == null) {
      workbench.messages().news(message.sentence());
    } else {
      workbench.messages().problem(message.sentence(), message.failure());
    }
  }

  ExplorePane explore() {
    return explore;
  }

  ModelChooser fileChooser() {
    return chooser;
  }

  void chooseFile() {
    chooser.choose(getScene().getWindow(), workbench.open());
  }

  void toggleHelp() {
    help.setVisible(!help.isVisible());
  }

  /** Hides the sheet of shortcuts; tells whether it was there. */
  boolean hideHelp() {
    boolean shown = help.isVisible();
    help.setVisible(false);
    return shown;
  }
}
