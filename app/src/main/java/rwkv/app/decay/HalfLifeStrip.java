package rwkv.app.decay;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.fxml.FXML;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.VBox;
import rwkv.app.chart.PictureMenu;
import rwkv.app.chart.PictureRegion;
import rwkv.app.cursor.PlaceCursor;
import rwkv.app.theme.Fxml;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Frame;

/** How long every head of the model remembers: half-lives of its key channels in tokens. */
public final class HalfLifeStrip extends VBox {

  private final HalfLifeStripViewModel model = new HalfLifeStripViewModel();
  private final StripPicture picture = new StripPicture(model);

  @FXML private ScrollPane scroll = new ScrollPane();
  @FXML private Label title = new Label();
  @FXML private Label readout = new Label();

  public HalfLifeStrip() {
    Fxml.load(this);
    scroll.setContent(picture);
    new PictureMenu(this, picture, "half-lives", model::caption)
        .export("Export data as CSV…", "", () -> DecayTables.halfLives(model));
    readout.textProperty().bind(model.readoutProperty());
  }

  /** Follows, and moves, this cursor. */
  public void bind(PlaceCursor cursor) {
    model.bind(cursor);
    cursor.placeProperty().subscribe(_ -> picture.paint());
  }

  /** A model is open. */
  public void open(ModelSpec spec, String modelName) {
    model.decays().open(spec, modelName);
    model.opened();
    title.setText(spec.version().hasHeads() ? "Half-life of every head" : "Half-lives of channels");
    picture.requestLayout();
  }

  /** Shows a moment; the frame is not kept. Costs nothing while nobody can see the strip. */
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

  /** The head under the mouse in words. */
  public ReadOnlyStringProperty readoutProperty() {
    return model.readoutProperty();
  }

  StripPicture picture() {
    return picture;
  }
}
