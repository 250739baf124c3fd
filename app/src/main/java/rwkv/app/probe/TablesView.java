package rwkv.app.probe;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.Csv;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.app.probing.ProbeRun;
import tech.tablesaw.api.Table;

/** The tables of the chosen runs, one at a time. */
final class TablesView extends VBox {

  private final Messages messages;
  private final ComboBox<String> choice = new ComboBox<>();
  private final Label size = new Label();
  private final TableNumbers numbers = new TableNumbers();
  private List<Shown> shown = List.of();

  private record Shown(String name, Table table, ProbeRun run) {}

  TablesView(Messages messages) {
    this.messages = messages;
    getStyleClass().add("probe-tables");
    choice.setId("probeTableChoice");
    choice.setAccessibleText("Table");
    choice.setMinWidth(180);
    choice.valueProperty().subscribe((_, _) -> show());
    size.getStyleClass().add("note");
    Button copy = new Button("Copy table");
    copy.setId("probeTableCopy");
    copy.setOnAction(_ -> {
      numbers.copyAll();
      messages.news("The table is in the clipboard.");
    });
    Button save = new Button("Table as CSV…");
    save.setId("probeTableSave");
    save.setOnAction(_ -> save());
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox tools = new HBox(choice, size, gap, copy, save);
    tools.getStyleClass().add("run-tools");
    VBox.setVgrow(numbers, Priority.ALWAYS);
    getChildren().addAll(tools, numbers);
  }

  /** Shows the tables of runs of one probe. */
  void show(List<ProbeRun> runs) {
    List<String> labels = RunWords.labels(runs);
    List<Shown> next = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      for (Table table : runs.get(i).result().tables()) {
        String of = runs.size() > 1 ? " · " + labels.get(i) : "";
        next.add(new Shown(table.name() + of, table, runs.get(i)));
      }
    }
    shown = next;
    List<String> names = next.stream().map(Shown::name).toList();
    if (!choice.getItems().equals(names)) {
      String before = choice.getValue();
      choice.getItems().setAll(names);
      choice.setValue(names.contains(before) ? before : names.isEmpty() ? null : names.getFirst());
    }
    show();
  }

  private @Nullable Shown chosen() {
    return shown.stream()
        .filter(each -> each.name().equals(choice.getValue()))
        .findFirst()
        .orElse(null);
  }

  private void show() {
    Shown now = chosen();
    numbers.show(now == null ? Table.create("nothing") : now.table());
    size.setText(
        now == null ? "" : "%d rows; a click on a column sorts".formatted(now.table().rowCount()));
  }

  private void save() {
    Shown now = chosen();
    if (now == null) {
      return;
    }
    FileChooser chooser = new FileChooser();
    chooser.getExtensionFilters().add(new ExtensionFilter("Comma-separated values", "*.csv"));
    chooser.setInitialFileName(now.run().probe().id() + "-" + now.table().name() + ".csv");
    File file = chooser.showSaveDialog(getScene().getWindow());
    if (file != null) {
      try {
        Files.writeString(file.toPath(), Csv.text(now.table(), RunWords.caption(now.run())));
        messages.news("Saved " + file + ".");
      } catch (IOException e) {
        messages.problem(file + " could not be written: " + Sentence.of(e), e);
      }
    }
  }
}
