package rwkv.app.plugins;

import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import org.jspecify.annotations.Nullable;

/** The list of plugins. */
final class PluginTable extends TableView<PluginEntry> {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");
  private static final PseudoClass QUIET = PseudoClass.getPseudoClass("quiet");

  private final PluginsViewModel model;

  PluginTable(PluginsViewModel model) {
    this.model = model;
    setId("pluginTable");
    getStyleClass().addAll("plugin-table", "dense", "striped");
    setPlaceholder(new Label("No plugins"));
    setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    setFixedCellSize(26);
    for (PluginColumn column : PluginColumn.values()) {
      getColumns().add(column(column));
    }
    setItems(model.shown());
    setRowFactory(_ -> new Row());
    getSelectionModel().selectedItemProperty().subscribe(this::selected);
    model.chosenProperty().subscribe(this::select);
  }

  private static TableColumn<PluginEntry, String> column(PluginColumn column) {
    TableColumn<PluginEntry, String> made = new TableColumn<>(column.title());
    made.setSortable(false);
    made.setPrefWidth(column.width());
    made.setMinWidth(0.6 * column.width());
    if (column == PluginColumn.SHA256) {
      made.getStyleClass().add("digest-column");
    }
    made.setCellValueFactory(row -> new ReadOnlyStringWrapper(column.text(row.getValue())));
    return made;
  }

  private void selected(@Nullable PluginEntry entry) {
    if (entry != null) {
      model.chosenProperty().set(entry);
    }
  }

  private void select(@Nullable PluginEntry entry) {
    if (entry == null) {
      getSelectionModel().clearSelection();
    } else if (getSelectionModel().getSelectedItem() != entry) {
      getSelectionModel().select(entry);
    }
  }

  /** Says the whole digest, and what is wrong. */
  private static final class Row extends TableRow<PluginEntry> {
    @Override
    protected void updateItem(@Nullable PluginEntry entry, boolean isEmpty) {
      super.updateItem(entry, isEmpty);
      pseudoClassStateChanged(WRONG, entry != null && entry.state() == PluginState.SET_ASIDE);
      pseudoClassStateChanged(QUIET, entry != null && entry.state() == PluginState.DISABLED);
      setTooltip(entry == null ? null : new Tooltip(words(entry)));
    }

    private static String words(PluginEntry entry) {
      String file = entry.jar().file().toString();
      String digest = entry.jar().sha256();
      return file
          + (digest.isEmpty() ? "" : "\nSHA-256 " + digest)
          + (entry.reason().isEmpty() ? "" : "\n" + entry.reason());
    }
  }
}
