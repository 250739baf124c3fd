package rwkv.app.decay;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import rwkv.app.chart.PictureMenu;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.ScaleLegend;
import rwkv.app.cursor.PlaceCursor;
import rwkv.app.theme.Fxml;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Version;
import rwkv.engine.session.Frame;

/** How much of what the chosen head writes now is left after n tokens, by decay alone. */
public final class DecayView extends VBox {

  private final DecayViewModel model = new DecayViewModel();
  private final DecayPicture picture = new DecayPicture(model);

  @FXML private Label title = new Label();
  @FXML private ToggleButton logarithmic = new ToggleButton();
  @FXML private ScaleLegend legend = new ScaleLegend();
  @FXML private StackPane curves = new StackPane();
  @FXML private Label readout = new Label();
  @FXML private Label range = new Label();
  @FXML private Label measured = new Label();
  @FXML private Label bandKey = new Label();
  @FXML private Label beyondKey = new Label();
  @FXML private Label fastestKey = new Label();

  public DecayView() {
    Fxml.load(this);
    curves.getChildren().add(picture);
    title.textProperty().bind(model.titleProperty());
    readout.textProperty().bind(model.readoutProperty());
    range.textProperty().bind(model.rangeProperty());
    measured.textProperty().bind(model.measuredProperty());
    logarithmic.selectedProperty().subscribe(picture::logarithmic);
    picture.whenArranged(this::showScale);
    new PictureMenu(this, picture, "decay", model::caption)
        .export("Export data as CSV…", "", () -> DecayTables.curves(model));
  }

  private void showScale() {
    legend.sequential(picture.colors(), "1", "100", "10\u2009000");
  }

  /** Follows this cursor. */
  public void bind(PlaceCursor cursor) {
    model.bind(cursor);
    cursor.placeProperty().subscribe(_ -> turn());
  }

  private void turn() {
    model.turn();
    picture.paint();
  }

  /** A model is open. */
  public void open(ModelSpec spec, String modelName) {
    model.decays().open(spec, modelName);
    model.opened();
    boolean measuredByToken = model.decays().kind() == Version.Decay.PER_TOKEN;
    show(bandKey, measuredByToken);
    show(beyondKey, measuredByToken);
    show(fastestKey, model.decays().lowest() > 0);
    picture.paint();
  }

  /** A key of what is never drawn for this model takes no room. */
  private static void show(Label key, boolean shown) {
    key.setVisible(shown);
    key.setManaged(shown);
  }

  /** Shows a moment; the frame is not kept. Costs nothing while nobody can see the view. */
  public void show(Frame frame) {
    if (PictureRegion.isSeen(this)) {
      model.see(frame);
      picture.paint();
    }
  }

  /** The state begins anew. */
  public void restart() {
    model.restart();
    picture.paint();
  }

  /** The channel under the mouse in words. */
  public ReadOnlyStringProperty readoutProperty() {
    return model.readoutProperty();
  }

  DecayPicture picture() {
    return picture;
  }
}
