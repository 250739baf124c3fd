package rwkv.app.state;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.fxml.FXML;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.PictureMenu;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.ScaleLegend;
import rwkv.app.chart.SignedScale.Mode;
import rwkv.app.cursor.PlaceCursor;
import rwkv.app.theme.Fxml;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Frame;

/** The WKV state of every head as a small heat map: rows are layers, columns are heads. */
public final class StateWall extends VBox {

  private final ShownState state = new ShownState();
  private final StateWallViewModel model = new StateWallViewModel(state);
  private final WallPicture picture = new WallPicture(model);

  @FXML private ToggleGroup modes = new ToggleGroup();
  @FXML private ToggleButton shared = new ToggleButton();
  @FXML private ToggleButton perHead = new ToggleButton();
  @FXML private ToggleButton robust = new ToggleButton();
  @FXML private ScaleLegend legend = new ScaleLegend();
  @FXML private Label title = new Label();
  @FXML private Label scaleWords = new Label();
  @FXML private ScrollPane scroll = new ScrollPane();
  @FXML private Label missing = new Label();
  @FXML private Label readout = new Label();
  @FXML private Label note = new Label();

  public StateWall() {
    Fxml.load(this);
    scroll.setContent(picture);
    readout.textProperty().bind(model.readoutProperty());
    missing.textProperty().bind(model.missingProperty());
    missing.visibleProperty().bind(model.missingProperty().isNotEmpty());
    scroll.visibleProperty().bind(model.missingProperty().isEmpty());
    modes
        .selectedToggleProperty()
        .subscribe((before, now) -> choose(before == null ? robust : before, now));
    state.scaleChangesProperty().subscribe(this::rescale);
    menu();
    picture.whenArranged(this::arranged);
  }

  private void choose(Toggle before, @Nullable Toggle now) {
    if (now == null) {
      modes.selectToggle(before);
      return;
    }
    state.mode(now == perHead ? Mode.PER_HEAD : now == robust ? Mode.ROBUST : Mode.SHARED);
  }

  /** Colours, tile size or the screen may be different. */
  private void arranged() {
    WallGeometry geometry = picture.geometry();
    note.setText(geometry == null ? "" : model.note(geometry.words()));
    showScale();
  }

  private void menu() {
    CheckMenuItem white = new CheckMenuItem("White at zero");
    white.selectedProperty().subscribe(picture::whiteZero);
    new PictureMenu(this, picture, "state-wall", model::caption)
        .export("Export data as CSV…", "", () -> StateTables.wall(state, model.place()))
        .separate()
        .add(white);
  }

  private void showScale() {
    StateLegend.show(legend, picture.map(), state, model.place());
    scaleWords.setText(state.isThere() ? model.scaleWords() : "");
  }

  private void rescale() {
    showScale();
    picture.paint();
  }

  /** Follows, and moves, this cursor. */
  public void bind(PlaceCursor cursor) {
    model.bind(cursor);
    cursor.placeProperty().subscribe(_ -> placeMoved());
  }

  private void placeMoved() {
    picture.placeMoved();
    if (state.mode() == Mode.PER_HEAD) {
      showScale();
    }
  }

  /** A model is open. */
  public void open(ModelSpec spec, String modelName) {
    state.open(spec, modelName);
    model.opened();
    title.setText(model.title());
    picture.requestLayout();
  }

  /** Shows a moment; the frame is not kept. Costs nothing while nobody can see the wall. */
  public void show(Frame frame) {
    if (PictureRegion.isSeen(this)) {
      state.see(frame);
      picture.paint();
      model.refresh();
    }
  }

  /** The state begins anew. */
  public void restart() {
    state.restart();
    model.refresh();
  }

  /** The states shown and their scale, for views that shall share them. */
  public ShownState state() {
    return state;
  }

  /** The number under the mouse in words. */
  public ReadOnlyStringProperty readoutProperty() {
    return model.readoutProperty();
  }

  /** The picture itself, with its words. */
  PictureRegion picture() {
    return picture;
  }
}
