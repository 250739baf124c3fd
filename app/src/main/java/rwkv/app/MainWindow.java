package rwkv.app;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.fxml.FXML;
import javafx.scene.layout.StackPane;
import rwkv.app.chart.PictureMessage;
import rwkv.app.decaylab.DecayLabPane;
import rwkv.app.message.Banner;
import rwkv.app.open.CardPane;
import rwkv.app.open.FileDrop;
import rwkv.app.plugins.Plugins;
import rwkv.app.plugins.PluginsPane;
import rwkv.app.probe.ProbesPane;
import rwkv.app.tensors.TensorsPane;
import rwkv.app.theme.Fxml;
import rwkv.app.train.RunsPane;
import rwkv.app.truth.TruthSheet;

/** The whole window. */
public final class MainWindow extends StackPane {

  /** How often what probes have found is looked at. */
  private static final double LOOK_SECONDS = 0.15;

  @FXML private TopBar topBar;
  @FXML private Banner banner;
  @FXML private LoadingStrip loading;
  @FXML private Rail rail;
  @FXML private ExplorePane explore;
  @FXML private TensorsPane tensors;
  @FXML private DecayLabPane decayLab;
  @FXML private ProbesPane probes;
  @FXML private PluginsPane plugins;
  @FXML private CardPane card;
  @FXML private StatusBar status;
  @FXML private TruthSheet truth;
  @FXML private ShortcutSheet help;
  private final ModelChooser chooser = new ModelChooser();
  private final WorkbenchViewModel workbench;

  /**
   * @param browse shows a folder to a person
   */
  MainWindow(
      WorkbenchViewModel workbench, FxBridge bridge, Executor background, Consumer<Path> browse) {
    this.workbench = workbench;
    Fxml.load(this);
    topBar.bind(workbench, this::chooseFile, this::toggleTruth, this::toggleHelp);
    truth.bind(workbench.truth(), workbench.messages());
    banner.bind(workbench.messages());
    loading.bind(workbench.open());
    rail.bind(workbench.activityProperty());
    explore.bind(workbench);
    tensors.bind(workbench.tensors());
    decayLab.bind(workbench.decayLab(), workbench.labRuns(), new RunsPane(workbench.training()));
    probes.bind(workbench.probes());
    bridge.regularly(LOOK_SECONDS, workbench.probes()::look);
    plugins.bind(workbench.plugins(), browse);
    card.bind(workbench.open(), workbench.device());
    status.bind(workbench, bridge, explore.pictures().skipped());
    explore
        .visibleProperty()
        .bind(
            workbench
                .activityProperty()
                .isEqualTo(Activity.EXPLORE)
                .or(workbench.activityProperty().isEqualTo(Activity.CHAT)));
    tensors.visibleProperty().bind(workbench.activityProperty().isEqualTo(Activity.TENSORS));
    decayLab.visibleProperty().bind(workbench.activityProperty().isEqualTo(Activity.DECAY_LAB));
    probes.visibleProperty().bind(workbench.activityProperty().isEqualTo(Activity.PROBES));
    plugins.visibleProperty().bind(workbench.activityProperty().isEqualTo(Activity.PLUGINS));
    card.visibleProperty().bind(workbench.activityProperty().isEqualTo(Activity.CARD));
    FileDrop.install(this, this::dropped);
    addEventHandler(PictureMessage.ANY, this::tell);
    new SessionLink(workbench, bridge, explore.pictures(), background).begin();
  }

  /** A decay curve goes into the lab, a jar is a plugin, anything else is a model or a state. */
  private void dropped(Path file) {
    if (DecayLabPane.isCurve(file)) {
      workbench.activityProperty().set(Activity.DECAY_LAB);
      workbench.labRuns().openCurve(file);
    } else if (Plugins.isJar(file)) {
      workbench.activityProperty().set(Activity.PLUGINS);
      workbench.plugins().install(file);
    } else {
      workbench.open().open(file);
    }
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

  TensorsPane tensors() {
    return tensors;
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

  void toggleTruth() {
    truth.setVisible(!truth.isVisible());
  }

  /** Hides the sheets that lie over the window; tells whether there was one. */
  boolean hideSheets() {
    boolean shown = help.isVisible() || truth.isVisible();
    help.setVisible(false);
    truth.setVisible(false);
    return shown;
  }
}
