package rwkv.app.truth;

import atlantafx.base.theme.Styles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.engine.verify.Identity;
import rwkv.engine.verify.Report;
import rwkv.engine.verify.ReportTable;
import rwkv.engine.verify.SiteError;

/** A sheet over the window: what the self-test compared, and how far off everything was. */
public final class TruthSheet extends StackPane {

  private final Label title = new Label("Is this the model?");
  private final Label sentence = new Label();
  private final Label tested = new Label();
  private final VBox identities = new VBox();
  private final ProgressBar progress = new ProgressBar();
  private final TableView<SiteError> table = new TableView<>();
  private final Button test = new Button("Test now");
  private final Button export = new Button("Save table…");
  private final Button close = new Button("Close");

  public TruthSheet() {
    getStyleClass().add("sheet-back");
    setId("truthSheet");
    setVisible(false);
    title.getStyleClass().add("card-title");
    sentence.setId("truthSentence");
    sentence.setWrapText(true);
    sentence.setMinHeight(USE_PREF_SIZE);
    tested.getStyleClass().add("muted");
    tested.setWrapText(true);
    tested.setMinHeight(USE_PREF_SIZE);
    progress.setMaxWidth(Double.MAX_VALUE);
    progress.managedProperty().bind(progress.visibleProperty());
    test.setId("truthTest");
    export.setId("truthExport");
    close.setId("truthClose");
    close.setOnAction(_ -> setVisible(false));
    table.setId("truthTable");
    table.getStyleClass().addAll(Styles.DENSE, Styles.STRIPED);
    VBox.setVgrow(table, Priority.ALWAYS);
    columns();
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox buttons = new HBox(8, test, export, gap, close);
    buttons.setAlignment(Pos.CENTER_LEFT);
    VBox sheet = new VBox(title, sentence, tested, progress, identities, table, buttons);
    sheet.getStyleClass().add("sheet");
    sheet.setMaxSize(860, 640);
    getChildren().add(sheet);
    sheet.setOnMouseClicked(click -> click.consume());
    setOnMouseClicked(_ -> setVisible(false));
  }

  private void columns() {
    number("Layer", 60, SiteError::layer, "%d");
    column("Site", 130, SiteError::site, Function.identity());
    number("Error ÷ largest", 140, SiteError::relative, "%.2e");
    number("Error", 90, SiteError::error, "%.3e");
    number("Largest value", 110, SiteError::largest, "%.4g");
    number("Token", 60, SiteError::token, "%d");
    number("Channel", 80, SiteError::channel, "%d");
    number("Numbers", 90, SiteError::values, "%d");
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
  }

  private <T extends Number> void number(
      String name, double width, Function<SiteError, T> value, String format) {
    TableColumn<SiteError, T> column =
        column(name, width, value, number -> String.format(Locale.ROOT, format, number));
    column.getStyleClass().add("number-column");
  }

  private <T> TableColumn<SiteError, T> column(
      String name, double width, Function<SiteError, T> value, Function<T, String> text) {
    TableColumn<SiteError, T> column = new TableColumn<>(name);
    column.setPrefWidth(width);
    column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
    column.setCellFactory(_ -> new TextCell<>(text));
    table.getColumns().add(column);
    return column;
  }

  /** Shows what is known of the open model. */
  public void bind(TruthViewModel model, Messages messages) {
    test.setOnAction(_ -> {
      if (model.truthProperty().get() instanceof Truth.Testing) {
        model.cancel();
      } else {
        model.test();
      }
    });
    export.setOnAction(_ -> save(model, messages));
    model.truthProperty().subscribe(this::show);
  }

  private void show(Truth truth) {
    sentence.setText(TruthWords.sentence(truth));
    boolean testing = truth instanceof Truth.Testing;
    progress.setVisible(testing);
    if (truth instanceof Truth.Testing(double done)) {
      progress.setProgress(done);
    }
    test.setText(
        testing ? "Cancel" : truth instanceof Truth.Tested ? "Test thoroughly" : "Test now");
    test.setDisable(truth instanceof Truth.NoModel);
    Report report = truth instanceof Truth.Tested(Report made) ? made : null;
    export.setDisable(report == null);
    identities.getChildren().clear();
    table.getItems().clear();
    tested.setText("");
    if (report != null) {
      tested.setText(
          "%s. %d tokens against the scalar reference in double precision on the same weights."
              .formatted(report.configuration(), report.tokens().length));
      report.identities().forEach(identity -> identities.getChildren().add(line(identity)));
      table.getItems().setAll(report.sites());
      table.getColumns().get(2).setSortType(TableColumn.SortType.DESCENDING);
      table.getSortOrder().setAll(List.of(table.getColumns().get(2)));
      table.sort();
    }
  }

  private static Label line(Identity identity) {
    String kept =
        identity.relative() == 0
            ? "to the bit"
            : String.format(Locale.ROOT, "off by %.2g", identity.relative());
    return new Label((identity.relative() == 0 ? "✓  " : "≠  ") + identity.name() + ": " + kept);
  }

  private void save(TruthViewModel model, Messages messages) {
    if (model.truthProperty().get() instanceof Truth.Tested(Report report)) {
      FileChooser chooser = new FileChooser();
      chooser.setTitle("Save the table of errors");
      chooser.setInitialFileName(report.model() + ".truth.csv");
      File file = chooser.showSaveDialog(getScene().getWindow());
      if (file != null) {
        try {
          Files.writeString(file.toPath(), ReportTable.csv(report));
          messages.news("Saved " + file.getName() + ".");
        } catch (IOException e) {
          messages.problem(
              "%s could not be saved. %s".formatted(file.getName(), Sentence.of(e)), e);
        }
      }
    }
  }
}
