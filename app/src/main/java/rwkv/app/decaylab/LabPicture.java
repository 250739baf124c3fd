package rwkv.app.decaylab;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.TickText;

/**
 * A picture of the lab: a drawing by the pixel with words around it, drawn anew on every change.
 */
abstract class LabPicture extends PictureRegion {

  /** Room around the drawing, in units of the scene. */
  record Margins(double left, double right, double top, double bottom) {}

  private final HeatSurface surface = new HeatSurface();
  private final CurveRaster raster = new CurveRaster();
  private final TickText words = new TickText();
  private final ReadOnlyStringWrapper readout = new ReadOnlyStringWrapper("");
  private final Margins margins;
  private final DecayLabViewModel model;

  LabPicture(DecayLabViewModel model, Margins margins) {
    this.model = model;
    this.margins = margins;
    getChildren().addAll(surface.view(), words);
    setMinSize(150, 90);
    setPrefSize(280, 180);
    setCursor(Cursor.CROSSHAIR);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setOnMouseMoved(this::hover);
    setOnMouseExited(_ -> rest());
    model.revisionProperty().subscribe((_, _) -> show());
    model.layerProperty().subscribe((_, _) -> show());
  }

  final DecayLabViewModel model() {
    return model;
  }

  /** What is under the mouse. */
  final ReadOnlyStringProperty readoutProperty() {
    return readout.getReadOnlyProperty();
  }

  final void tell(String said) {
    readout.set(said);
  }

  /** Width of the drawing in the screen's pixels. */
  final int width() {
    return surface.width();
  }

  /** Height of the drawing in the screen's pixels. */
  final int height() {
    return surface.height();
  }

  final int[] pixels() {
    return surface.pixels();
  }

  final Margins margins() {
    return margins;
  }

  /** Coordinate in the drawing, in the screen's pixels. */
  final double across(MouseEvent event) {
    return (event.getX() - margins.left) * scale();
  }

  /** Coordinate in the drawing, in the screen's pixels. */
  final double down(MouseEvent event) {
    return (event.getY() - margins.top) * scale();
  }

  /** A place of the drawing as a coordinate of this. */
  final double toX(double pixel) {
    return margins.left + pixel / scale();
  }

  /** A place of the drawing as a coordinate of this. */
  final double toY(double pixel) {
    return margins.top + pixel / scale();
  }

  final int hair() {
    return (int) Math.max(1, Math.round(scale()));
  }

  @Override
  protected final void arrange() {
    double scale = scale();
    surface.place(
        (int) Math.round(margins.left * scale),
        (int) Math.round(margins.top * scale),
        (int) Math.round((getWidth() - margins.left - margins.right) * scale),
        (int) Math.round((getHeight() - margins.top - margins.bottom) * scale),
        scale);
    words.begin();
    if (surface.pixels().length > 0) {
      raster.target(surface.pixels(), surface.width(), surface.height());
      prepare();
      label(words);
    }
    words.end();
    paint();
  }

  /** Draws everything as it is now. */
  final void paint() {
    if (surface.pixels().length > 0 && surface.width() > 1) {
      raster.clear(rgb(background()));
      draw(raster);
      surface.show();
    }
  }

  /** Something has changed; what nobody sees is drawn when it is seen again. */
  private void show() {
    refresh();
    if (!isSeen(this) || needsLayout()) {
      requestLayout();
    } else {
      paint();
    }
  }

  /** Whether the axes have changed since {@link #prepare}. */
  boolean needsLayout() {
    return false;
  }

  /** What is told of the curve may have changed. */
  void refresh() {
    if (!isHover()) {
      rest();
    }
  }

  /** The mouse is elsewhere. */
  void rest() {
    readout.set("");
  }

  /** Makes the axes for the present size. */
  abstract void prepare();

  abstract void label(TickText texts);

  abstract void draw(CurveRaster on);

  abstract void hover(MouseEvent event);
}
