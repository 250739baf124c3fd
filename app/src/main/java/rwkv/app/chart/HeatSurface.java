package rwkv.app.chart;

import java.nio.IntBuffer;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

/**
 * An image made of the screen's own pixels, written as numbers and shown without smoothing: sharp
 * on any screen, and cheap enough to be written anew sixty times a second.
 */
public final class HeatSurface {

  private final ImageView view = new ImageView();
  private int width;
  private int height;
  private int[] pixels = {};
  private PixelBuffer<IntBuffer> buffer = bufferOf(new int[1], 1, 1);

  public HeatSurface() {
    view.setSmooth(false);
    view.setMouseTransparent(true);
    view.setManaged(false);
  }

  private static PixelBuffer<IntBuffer> bufferOf(int[] pixels, int width, int height) {
    IntBuffer numbers = IntBuffer.wrap(pixels);
    return new PixelBuffer<>(width, height, numbers, PixelFormat.getIntArgbPreInstance());
  }

  /** The node that shows the image. */
  public ImageView view() {
    return view;
  }

  /**
   * Sets place and size, in the screen's pixels relative to the parent; keeps the pixels if the
   * size is the same.
   *
   * @param scale the screen's pixels per unit of the scene
   */
  public void place(int x, int y, int newWidth, int newHeight, double scale) {
    if (newWidth != width || newHeight != height) {
      width = newWidth;
      height = newHeight;
      boolean empty = width <= 0 || height <= 0;
      pixels = new int[empty ? 0 : width * height];
      if (!empty) {
        buffer = bufferOf(pixels, width, height);
        view.setImage(new WritableImage(buffer));
      }
      view.setVisible(!empty);
    }
    view.setFitWidth(newWidth / scale);
    view.setFitHeight(newHeight / scale);
    view.relocate(x / scale, y / scale);
  }

  /** The pixels, row by row, as ARGB with colour multiplied by opacity. */
  public int[] pixels() {
    return pixels;
  }

  /** In the screen's pixels. */
  public int width() {
    return width;
  }

  /** In the screen's pixels. */
  public int height() {
    return height;
  }

  /** Shows what has been written. */
  public void show() {
    if (pixels.length > 0) {
      buffer.updateBuffer(_ -> null);
    }
  }
}
