package rwkv.app.state;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.fxml.FXML;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import rwkv.app.chart.PictureMenu;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.ScaleLegend;
import rwkv.app.cursor.PlaceCursor;
import rwkv.app.theme.Fxml;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Event;
import rwkv.engine.session.Frame;
import rwkv.engine.session.StateLayout;

/** The chosen head: its state in full, its numbers, and how size and change went so far. */
public final class HeadView extends VBox {

  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private final HeadViewModel model = new HeadViewModel(new ShownState());
  private final HeadPicture picture = new HeadPicture(model);
  private final HistoryChart chart = new HistoryChart();
  private boolean shares;

  @FXML private Label title = new Label();
  @FXML private ScaleLegend legend = new ScaleLegend();
  @FXML private StackPane matrix = new StackPane();
  @FXML private StackPane past = new StackPane();
  @FXML private Label readout = new Label();
  @FXML private Label rms = new Label();
  @FXML private Label max = new Label();
  @FXML private Label change = new Label();

  public HeadView() {
    Fxml.load(this);
    matrix.getChildren().add(picture);
    past.getChildren().add(chart.node());
    title.textProperty().bind(model.titleProperty());
    readout.textProperty().bind(model.readoutProperty());
    rms.textProperty().bind(model.rmsProperty());
    max.textProperty().bind(model.maxProperty());
    change.textProperty().bind(model.changeProperty());
    picture.setOnKeyPressed(this::copy);
    picture.whenArranged(this::showScale);
    model.state().scaleChangesProperty().subscribe(this::rescale);
    menu();
  }

  private void menu() {
    CheckMenuItem white = new CheckMenuItem("White at zero");
    white.selectedProperty().subscribe(picture::whiteZero);
    new PictureMenu(this, picture, "head", model::caption)
        .export("Export data as CSV…", "", () -> StateTables.head(model.state(), model.place()))
        .export(
            "Export RMS and change as CSV…",
            "-past",
            () -> StateTables.past(model.history(), model.index()))
        .separate()
        .add("Copy value under the mouse", () -> PictureMenu.copyText(model.lastValue()))
        .add("Copy matrix (tab-separated)", () -> PictureMenu.copyText(model.matrix()))
        .separate()
        .add(white);
  }

  /** Shows the states, on the scale, of another view. To be called before a model is opened. */
  public void share(ShownState state) {
    shares = true;
    model.share(state);
    state.scaleChangesProperty().subscribe(this::rescale);
  }

  /** Follows this cursor. */
  public void bind(PlaceCursor cursor) {
    model.bind(cursor);
    cursor.placeProperty().subscribe(_ -> turn());
  }

  private void turn() {
    model.refresh();
    picture.requestLayout();
    chart.show(model.history(), model.index());
    rescale();
  }

  private void rescale() {
    showScale();
    picture.paint();
  }

  private void showScale() {
    StateLegend.show(legend, picture.map(), model.state(), model.place());
  }

  /** A model is open. */
  public void open(ModelSpec spec, String modelName) {
    if (!shares) {
      model.state().open(spec, modelName);
    }
    StateLayout layout = StateLayout.of(spec);
    model.opened(layout.layers(), layout.groups());
    chart.show(model.history(), model.index());
    picture.requestLayout();
  }

  /** Shows a moment; the frame is not kept. Costs nothing while nobody can see the view. */
  public void show(Frame frame) {
    if (PictureRegion.isSeen(this)) {
      model.state().see(frame);
      picture.paint();
      model.refresh();
    }
  }

  /** Remembers size and change of every head after a token. */
  public void token(Event.Token token) {
    model.token(token);
    if (PictureRegion.isSeen(this)) {
      chart.changed();
      model.refresh();
    }
  }

  /** Tokens from a position on were taken back. */
  public void back(int position) {
    model.back(position);
    chart.changed();
  }

  /** The state begins anew, and the past with it. */
  public void restart() {
    if (!shares) {
      model.state().restart();
    }
    model.restart();
    chart.changed();
    picture.paint();
  }

  /** The value under the mouse in words. */
  public ReadOnlyStringProperty readoutProperty() {
    return model.readoutProperty();
  }

  private void copy(KeyEvent event) {
    if (COPY.match(event)) {
      PictureMenu.copyText(model.copied());
      event.consume();
    }
  }

  HeadPicture picture() {
    return picture;
  }
}
