package rwkv.app.chart;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.input.MouseEvent;

/** A drawing by the pixel with words around it, drawn anew on every change. */
public abstract class PlotPicture extends PictureRegion {

  /** Room around the drawing, in units of the scene. */
  public record Margins(double left, double right, double top, double bottom) {}

  private final HeatSurface surface = new HeatSurface();
  private final CurveRaster raster = new CurveRaster();
  private final TickText words = new TickText();
  private final ReadOnlyStringWrapper readout = new ReadOnlyStringWrapper("");
  private final Margins margins;

  /** For subclasses. */
  @SuppressWarnings("this-escape")
  protected PlotPicture(Margins margins) {
    this.margins = margins;
    getChildren().addAll(surface.view(), words);
    setMinSize(150, 90);
    setPrefSize(280, 180);
    setCursor(Cursor.CROSSHAIR);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setOnMouseMoved(this::hover);
    setOnMouseExited(_ -> rest());
  }

  /** What is under the mouse. */
  public final ReadOnlyStringProperty readoutProperty() {
    return readout.getReadOnlyProperty();
  }

  /** Says what is under the mouse. */
  protected final void tell(String said) {
    readout.set(said);
  }

  /** Width of the drawing in the screen's pixels. */
  protected final int width() {
    return surface.width();
  }

  /** Height of the drawing in the screen's pixels. */
  protected final int height() {
    return surface.height();
  }

  /** The drawing itself, row by row. */
  protected final int[] pixels() {
    return surface.pixels();
  }

  /** Room around the drawing. */
  protected final Margins margins() {
    return margins;
  }

  /** Coordinate in the drawing, in the screen's pixels. */
  protected final double across(MouseEvent event) {
    return (event.getX() - margins.left) * scale();
  }

  /** Coordinate in the drawing, in the screen's pixels. */
  protected final double down(MouseEvent event) {
    return (event.getY() - margins.top) * scale();
  }

  /** A place of the drawing as a coordinate of this. */
  protected final double toX(double pixel) {
    return margins.left + pixel / scale();
  }

  /** A place of the drawing as a coordinate of this. */
  protected final double toY(double pixel) {
    return margins.top + pixel / scale();
  }

  /** The thinnest line, in the screen's pixels. */
  protected final int hair() {
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
  protected final void paint() {
    if (surface.pixels().length > 0 && surface.width() > 1) {
      raster.clear(rgb(background()));
      draw(raster);
      surface.show();
    }
  }

  /** Something has changed; what nobody sees is drawn when it is seen again. */
  public final void show() {
    refresh();
    if (!isSeen(this) || needsLayout()) {
      requestLayout();
    } else {
      paint();
    }
  }

  /** Whether the axes have changed since {@link #prepare}. */
  protected boolean needsLayout() {
    return false;
  }

  /** What is told of what is drawn may have changed. */
  protected void refresh() {
    if (!isHover()) {
      rest();
    }
  }

  /** The mouse is elsewhere. */
  protected void rest() {
    readout.set("");
  }

  /** Makes the axes for the present size. */
  protected abstract void prepare();

  /** Puts the words around the drawing. */
  protected abstract void label(TickText texts);

  /** Draws what is within the axes. */
  protected abstract void draw(CurveRaster on);

  /** The mouse is over it. */
  protected abstract void hover(MouseEvent event);
}
