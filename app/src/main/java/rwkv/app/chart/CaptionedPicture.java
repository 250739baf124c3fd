package rwkv.app.chart;

import javafx.geometry.Insets;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.scene.transform.Transform;

/** A view as an image, twice as fine as the screen, with its caption below. */
final class CaptionedPicture {

  private static final double FINER = 2;

  private CaptionedPicture() {}

  static WritableImage of(Region view, PictureRegion picture, String caption) {
    Color ground = picture.background();
    Image image = snapshot(view, ground);
    ImageView above = new ImageView(image);
    above.setFitWidth(view.getWidth());
    above.setFitHeight(view.getHeight());
    Text below = new Text(caption);
    below.setFont(Font.font(12));
    below.setFill(picture.muted());
    below.setWrappingWidth(Math.max(100, view.getWidth() - 20));
    VBox.setMargin(below, new Insets(4, 10, 8, 10));
    VBox both = new VBox(above, below);
    both.autosize();
    return snapshot(both, ground);
  }

  private static WritableImage snapshot(Region region, Color ground) {
    SnapshotParameters parameters = new SnapshotParameters();
    parameters.setTransform(Transform.scale(FINER, FINER));
    parameters.setFill(ground);
    return region.snapshot(parameters, null);
  }
}
