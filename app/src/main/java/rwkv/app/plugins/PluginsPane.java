package rwkv.app.plugins;

import java.io.File;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.PictureMenu;
import rwkv.app.theme.Fxml;

/** The plugins: which there are, which may run. */
public final class PluginsPane extends VBox {

  private static final String QUESTION =
      """
      %s%s is a program of somebody else's, in %s. If it runs, it runs with your rights: it can \
      read, change and send whatever you can. Let it run only if you know who made it.
      SHA-256 %s\
      """;

  @FXML private Label folder = new Label();
  @FXML private Button install = new Button();
  @FXML private Button open = new Button();
  @FXML private VBox consent = new VBox();
  @FXML private Label title = new Label();
  @FXML private Label question = new Label();
  @FXML private Button allow = new Button();
  @FXML private Button decline = new Button();
  @FXML private StackPane tableRoom = new StackPane();
  @FXML private Label details = new Label();
  @FXML private Label reason = new Label();
  @FXML private Button enable = new Button();
  @FXML private Button disable = new Button();
  @FXML private Button remove = new Button();
  @FXML private Button restore = new Button();
  @FXML private Button copy = new Button();

  public PluginsPane() {
    Fxml.load(this);
  }

  /**
   * Shows these plugins. To be called once.
   *
   * @param browse shows a folder to a person
   */
  public void bind(PluginsViewModel model, Consumer<Path> browse) {
    PluginTable table = new PluginTable(model);
    VBox.setVgrow(tableRoom, Priority.ALWAYS);
    tableRoom.getChildren().setAll(table);
    install.setOnAction(_ -> choose(model));
    folder.setText("jars in " + model.folder());
    open.setOnAction(_ -> model.browse(browse));
    allow.setOnAction(_ -> model.answer(true));
    decline.setOnAction(_ -> model.answer(false));
    model.questionProperty().subscribe(this::ask);
    act(enable, model::enable, model, PluginEntry::canBeEnabled);
    act(disable, model::disable, model, PluginsPane::canBeDisabled);
    act(remove, model::remove, model, entry -> entry.state() != PluginState.BUNDLED);
    act(
        copy,
        () -> copy(model.chosenProperty().get()),
        model,
        entry -> !entry.jar().sha256().isEmpty());
    restore.setOnAction(_ -> model.restore());
    restore.managedProperty().bind(restore.visibleProperty());
    model.removedProperty().subscribe(this::offerBack);
    reason.managedProperty().bind(reason.textProperty().isNotEmpty());
    details.managedProperty().bind(details.textProperty().isNotEmpty());
    model.chosenProperty().subscribe(this::tell);
  }

  private void tell(@Nullable PluginEntry entry) {
    reason.setText(entry == null ? "" : entry.reason());
    details.setText(
        entry == null || entry.offers().isEmpty()
            ? ""
            : "%s offers %s.".formatted(entry.jar().name(), entry.offersInWords()));
  }

  private static void act(
      Button button, Runnable action, PluginsViewModel model, Predicate<PluginEntry> possible) {
    button.setOnAction(_ -> action.run());
    model
        .chosenProperty()
        .subscribe(entry -> button.setDisable(entry == null || !possible.test(entry)));
  }

  private void offerBack(@Nullable PluginJar removed) {
    restore.setVisible(removed != null);
    restore.setText(removed == null ? "" : "Put %s back".formatted(removed.name()));
  }

  private static boolean canBeDisabled(PluginEntry entry) {
    return entry.state() == PluginState.ENABLED || entry.state() == PluginState.WAITING;
  }

  private void ask(@Nullable PluginJar jar) {
    consent.setVisible(jar != null);
    consent.setManaged(jar != null);
    if (jar != null) {
      title.setText("May %s run?".formatted(jar.name()));
      String version = jar.version().isEmpty() ? "" : " " + jar.version();
      question.setText(QUESTION.formatted(jar.name(), version, jar.file(), jar.sha256()));
    }
  }

  private void choose(PluginsViewModel model) {
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Install a plugin");
    chooser.getExtensionFilters().add(new ExtensionFilter("Plugins (*.jar)", "*.jar"));
    File file = chooser.showOpenDialog(getScene().getWindow());
    if (file != null) {
      model.install(file.toPath());
    }
  }

  private static void copy(@Nullable PluginEntry entry) {
    if (entry != null) {
      PictureMenu.copyText(entry.jar().sha256());
    }
  }
}
