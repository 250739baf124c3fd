package rwkv.app.decaylab;

import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.SequentialMap;
import rwkv.app.chart.TickText;
import rwkv.engine.analysis.DecayProfile;

/**
 * How much of a write every layer keeps over 1, 10, … 100 000 tokens, a row for every layer. A
 * click, or the arrow keys, choose the layer.
 */
final class CoveragePicture extends LabPicture {

  private static final double NUMBER_HEIGHT = 14;

  private SequentialMap colors = SequentialMap.on(0xFFFFFF);
  private final TickText numbers = new TickText();

  CoveragePicture(DecayLabViewModel model) {
    super(model, new Margins(30, 8, 16, 18));
    setId("decayCoverage");
    getChildren().add(numbers);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TABLE_VIEW);
    setAccessibleText("Coverage of time scales by layer: up and down choose a layer");
    setOnMousePressed(event -> {
      requestFocus();
      if (event.isPrimaryButtonDown() && width() > 0) {
        model.layerProperty().set(row(event));
      }
    });
    addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.UP || event.getCode() == KeyCode.DOWN) {
            model.moveLayer(event.getCode() == KeyCode.UP ? -1 : 1);
            event.consume();
          }
        });
    focusedProperty().subscribe((_, _) -> paint());
  }

  private int layers() {
    return model().curve().shape().layers();
  }

  private int row(MouseEvent event) {
    return Math.clamp((long) (down(event) * layers() / height()), 0, layers() - 1);
  }

  private int column(MouseEvent event) {
    int columns = DecayProfile.horizons();
    return Math.clamp((long) (across(event) * columns / width()), 0, columns - 1);
  }

  private int top(int layer) {
    return (int) ((long) layer * height() / layers());
  }

  private int left(int column) {
    return column * width() / DecayProfile.horizons();
  }

  @Override
  protected void prepare() {
    colors = SequentialMap.on(rgb(background()));
  }

  private int shownLayers = -1;

  @Override
  protected boolean needsLayout() {
    return shownLayers != layers();
  }

  @Override
  protected void label(TickText texts) {
    shownLayers = layers();
    for (int h = 0; h < DecayProfile.horizons(); h++) {
      double n = DecayProfile.horizon(h);
      String words = n >= 1000 ? Math.round(n / 1000) + "k" : Math.round(n) + "";
      double middle = toX((left(h) + left(h + 1)) / 2.0);
      texts.put(words, middle, margins().top() - 2, Pos.BOTTOM_CENTER, "number");
    }
    double height = height() / scale() / layers();
    int step = (int) Math.max(1, Math.ceil(NUMBER_HEIGHT / height));
    for (int layer = 0; layer < layers(); layer += step) {
      double y = toY((top(layer) + top(layer + 1)) / 2.0);
      texts.put("L" + layer, margins().left() - 4, y, Pos.CENTER_RIGHT, "number");
    }
    texts.put("tokens after the write", toX(width() / 2.0), toY(height()) + 2, Pos.TOP_CENTER);
  }

  @Override
  protected void draw(CurveRaster on) {
    LabCurve curve = model().curve();
    for (int layer = 0; layer < layers(); layer++) {
      DecayProfile profile = curve.profile(layer);
      for (int h = 0; h < DecayProfile.horizons(); h++) {
        int color = colors.color(profile.left(h)) & 0xFFFFFF;
        double opacity = Math.min(1, 0.03 + profile.left(h));
        on.fill(left(h), top(layer), left(h + 1) - hair(), top(layer + 1) - hair(), color, opacity);
      }
    }
    chosen(on);
    numbers();
  }

  private void chosen(CurveRaster on) {
    int layer = model().layerProperty().get();
    int thick = (isFocused() ? 3 : 2) * hair();
    int top = top(layer);
    int bottom = Math.max(top + 2 * thick, top(layer + 1) - hair());
    on.fill(0, top, width(), top + thick, rgb(accent()), 1);
    on.fill(0, bottom - thick, width(), bottom, rgb(accent()), 1);
    on.fill(0, top, thick, bottom, rgb(accent()), 1);
    on.fill(width() - thick, top, width(), bottom, rgb(accent()), 1);
  }

  /** The shares in words, where rows are high enough. */
  private void numbers() {
    numbers.begin();
    if (height() / scale() / layers() >= NUMBER_HEIGHT && width() / scale() > 200) {
      boolean dark = background().getBrightness() < 0.5;
      for (int layer = 0; layer < layers(); layer++) {
        for (int h = 0; h < DecayProfile.horizons(); h++) {
          double share = model().curve().profile(layer).left(h);
          String style = share > 0.55 ? (dark ? "on-light" : "on-dark") : "strong";
          numbers.put(
              percent(share),
              toX((left(h) + left(h + 1)) / 2.0),
              toY((top(layer) + top(layer + 1)) / 2.0),
              Pos.CENTER,
              "number",
              style);
        }
      }
    }
    numbers.end();
  }

  private static String percent(double share) {
    double percent = 100 * share;
    return percent >= 9.95 || percent < 0.05
        ? Math.round(percent) + ""
        : Numbers.significant(percent, percent < 1 ? 1 : 2);
  }

  @Override
  protected void hover(MouseEvent event) {
    DecayProfile profile = model().curve().profile(row(event));
    int h = column(event);
    tell(
        "L%d after %s: %s left; %s of channels keep half"
            .formatted(
                row(event),
                Numbers.tokens(DecayProfile.horizon(h)),
                CurveWords.share(profile.left(h)),
                CurveWords.share(profile.kept(h))));
  }
}
