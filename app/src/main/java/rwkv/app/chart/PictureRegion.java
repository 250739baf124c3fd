package rwkv.app.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.css.CssMetaData;
import javafx.css.SimpleStyleableObjectProperty;
import javafx.css.Styleable;
import javafx.css.StyleableObjectProperty;
import javafx.css.StyleablePropertyFactory;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/**
 * A picture drawn by the pixel. It takes its colours from the style sheets ({@code
 * -picture-background}, {@code -picture-foreground}, {@code -picture-muted}, {@code -picture-line},
 * {@code -picture-accent}), so that it follows the theme, and knows the screen's scale.
 *
 * <p>What changes with the numbers only is drawn directly, without a layout.
 */
public abstract class PictureRegion extends Region {

  private static final StyleablePropertyFactory<PictureRegion> STYLES =
      new StyleablePropertyFactory<>(Region.getClassCssMetaData());
  private static final List<CssMetaData<PictureRegion, Color>> COLORS = new ArrayList<>();

  private static final int BACKGROUND = color("-picture-background", Color.WHITE);
  private static final int FOREGROUND = color("-picture-foreground", Color.BLACK);
  private static final int MUTED = color("-picture-muted", Color.GRAY);
  private static final int LINE = color("-picture-line", Color.LIGHTGRAY);
  private static final int ACCENT = color("-picture-accent", Color.ROYALBLUE);

  private final List<StyleableObjectProperty<Color>> colors = new ArrayList<>();
  private Runnable whenArranged = () -> {};

  /** For subclasses. */
  @SuppressWarnings("this-escape")
  protected PictureRegion() {
    getStyleClass().add("picture");
    for (CssMetaData<PictureRegion, Color> meta : COLORS) {
      StyleableObjectProperty<Color> property =
          new SimpleStyleableObjectProperty<>(meta, this, meta.getProperty(), initial(meta));
      property.subscribe(this::requestLayout);
      colors.add(property);
    }
    sceneProperty()
        .flatMap(Scene::windowProperty)
        .flatMap(Window::renderScaleXProperty)
        .subscribe(this::requestLayout);
  }

  /** Runs something after every change of size, colours or screen, as a legend must follow. */
  public final void whenArranged(Runnable follow) {
    whenArranged = follow;
  }

  /** Arranges and draws everything for the present size, colours and screen. */
  protected abstract void arrange();

  @Override
  protected final void layoutChildren() {
    arrange();
    whenArranged.run();
  }

  private Color initial(CssMetaData<PictureRegion, Color> meta) {
    return Objects.requireNonNull(meta.getInitialValue(this));
  }

  private static int color(String name, Color initial) {
    int index = COLORS.size();
    COLORS.add(STYLES.createColorCssMetaData(name, picture -> picture.colors.get(index), initial));
    return index;
  }

  /** What lies behind; the colour of zero. */
  public final Color background() {
    return colors.get(BACKGROUND).get();
  }

  /** Main lines and text. */
  public final Color foreground() {
    return colors.get(FOREGROUND).get();
  }

  /** Lesser text. */
  public final Color muted() {
    return colors.get(MUTED).get();
  }

  /** Grid and frame lines. */
  public final Color line() {
    return colors.get(LINE).get();
  }

  /** What is chosen. */
  public final Color accent() {
    return colors.get(ACCENT).get();
  }

  /** The screen's pixels per unit of the scene. */
  public final double scale() {
    Scene scene = getScene();
    Window window = scene == null ? null : scene.getWindow();
    return window == null || window.getRenderScaleX() <= 0 ? 1 : window.getRenderScaleX();
  }

  /** A colour without its opacity, 0xRRGGBB. */
  public static int rgb(Color color) {
    return (int) Math.round(color.getRed() * 255) << 16
        | (int) Math.round(color.getGreen() * 255) << 8
        | (int) Math.round(color.getBlue() * 255);
  }

  /** Whether somebody can see a node: it is in a showing window and nothing around it is hidden. */
  public static boolean isSeen(Node node) {
    Scene scene = node.getScene();
    if (scene == null || scene.getWindow() == null || !scene.getWindow().isShowing()) {
      return false;
    }
    for (@Nullable Node n = node; n != null; n = n.getParent()) {
      if (!n.isVisible()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String getUserAgentStylesheet() {
    return Objects.requireNonNull(PictureRegion.class.getResource("chart.css")).toExternalForm();
  }

  @Override
  public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
    return STYLES.getCssMetaData();
  }
}
