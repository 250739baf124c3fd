package rwkv.app.generate;

import java.util.HashMap;
import java.util.Map;
import javafx.geometry.Orientation;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.ScrollBar;
import javafx.scene.layout.Region;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import org.jspecify.annotations.Nullable;
import rwkv.app.generate.TextLayout.Run;

/**
 * The transcript on a canvas. Wrapped lines are kept as they grow and only those in view are
 * painted, so that a token costs the same after fifty thousand others; a text control would lay out
 * its whole paragraph anew for each.
 */
public final class TranscriptView extends Region {

  static final double LINE = 22;
  static final double PAD = 10;
  static final Font FONT = Font.font("monospace", 13.5);

  private final Canvas canvas = new Canvas();
  private final ScrollBar bar = new ScrollBar();
  private final TranscriptPainter painter = new TranscriptPainter(this::requestLayout);
  private final Map<String, Double> widths = new HashMap<>();
  private final Text ruler = new Text();
  private final TextLayout layout = new TextLayout(this::widthOf);
  private final TranscriptMouse mouse = new TranscriptMouse(this);
  private Transcript transcript = new Transcript();
  private int generation;
  private boolean following = true;
  private boolean adjusting;

  public TranscriptView() {
    getStyleClass().add("transcript");
    setAccessibleRole(AccessibleRole.TEXT_AREA);
    setAccessibleText("Transcript");
    setFocusTraversable(true);
    ruler.setFont(FONT);
    bar.setOrientation(Orientation.VERTICAL);
    bar.setFocusTraversable(false);
    bar.valueProperty().subscribe(_ -> scrolled());
    getChildren().addAll(canvas, bar);
    getChildren().addAll(painter.inks());
    focusedProperty().subscribe(_ -> requestLayout());
    mouse.install(canvas);
  }

  /** Shows a run from now on. */
  public void bind(GenerateViewModel viewModel) {
    transcript = viewModel.transcript();
    mouse.use(viewModel);
    transcript.versionProperty().subscribe(_ -> grown());
  }

  Transcript transcript() {
    return transcript;
  }

  /** The stretch of text at a point of this view, or null. */
  @Nullable Run runAt(double x, double y) {
    double line = Math.floor((y - PAD + bar.getValue()) / LINE);
    if (line < 0 || line >= layout.lines()) {
      return null;
    }
    for (Run run : layout.line((int) line)) {
      if (x - PAD >= run.x() && x - PAD < run.right()) {
        return run;
      }
    }
    return null;
  }

  /** The offset in the text nearest to a point. */
  int offsetAt(double x, double y) {
    int line = (int) Math.floor((y - PAD + bar.getValue()) / LINE);
    if (line < 0 || transcript.size() == 0) {
      return 0;
    }
    if (line >= layout.lines()) {
      return transcript.length();
    }
    int offset = transcript.length();
    for (Run run : layout.line(line)) {
      offset = run.to();
      if (x - PAD < run.right()) {
        return run.from() + characterAt(run, x - PAD - run.x());
      }
    }
    return line == layout.lines() - 1 ? transcript.length() : offset;
  }

  private int characterAt(Run run, double x) {
    String text = run.text();
    int i = 0;
    while (i < text.length()) {
      int next = text.offsetByCodePoints(i, 1);
      if ((widthOf(text.substring(0, i)) + widthOf(text.substring(0, next))) / 2 > x) {
        return i;
      }
      i = next;
    }
    return run.newline() ? 0 : i;
  }

  /** Something in {@link TranscriptMouse} has changed. */
  void changed() {
    requestLayout();
  }

  void scrollBy(double pixels) {
    bar.setValue(Math.clamp(bar.getValue() + pixels, 0, bar.getMax()));
  }

  private void scrolled() {
    if (!adjusting) {
      following = bar.getValue() >= bar.getMax() - 1;
    }
    requestLayout();
  }

  /** Scrolls as little as is needed to see a token. */
  void reveal(int token) {
    double top = layout.lineOf(token) * LINE;
    double view = getHeight() - 2 * PAD;
    if (top < bar.getValue()) {
      scrollBy(top - bar.getValue());
    } else if (top + LINE > bar.getValue() + view) {
      scrollBy(top + LINE - bar.getValue() - view);
    }
  }

  /** Where a token's first stretch is, in this view's coordinates; null if it shows nothing. */
  @Nullable Run firstRun(int token) {
    return layout.line(layout.lineOf(token)).stream()
        .filter(run -> run.token() == token)
        .findFirst()
        .orElse(null);
  }

  double topOf(Run run) {
    return PAD + run.line() * LINE - bar.getValue();
  }

  @Override
  protected void layoutChildren() {
    double barWidth = bar.prefWidth(-1);
    double width = Math.max(1, getWidth());
    double height = Math.max(1, getHeight());
    canvas.setWidth(width);
    canvas.setHeight(height);
    bar.resizeRelocate(width - barWidth, 0, barWidth, height);
    wrap(Math.max(80, Math.floor(width - barWidth - 2 * PAD)));
    scroll(height);
    painter.paint(canvas, layout, transcript, bar.getValue(), mouse, isFocused());
  }

  private void wrap(double width) {
    if (width != layout.lineWidth() || generation != transcript.generation()) {
      generation = transcript.generation();
      layout.reset(width);
    }
    for (int token = layout.tokens(); token < transcript.size(); token++) {
      Transcript.Entry entry = transcript.get(token);
      layout.append(token, entry.start(), TokenText.paintable(entry.text()));
    }
  }

  private void scroll(double height) {
    double view = height - 2 * PAD;
    double most = Math.max(0, layout.lines() * LINE - view);
    adjusting = true;
    bar.setMax(most);
    bar.setVisibleAmount(most <= 0 ? 1 : most * view / (layout.lines() * LINE));
    bar.setUnitIncrement(LINE);
    bar.setBlockIncrement(view);
    bar.setVisible(most > 0);
    // While a token is looked at, the text under the mouse stays where it is.
    if (following && mouse.token() < 0 || bar.getValue() > most) {
      bar.setValue(most);
    }
    adjusting = false;
    following |= most <= 0;
  }

  private void grown() {
    if (generation != transcript.generation()) {
      following = true;
      mouse.forget();
    }
    requestLayout();
  }

  private double widthOf(String text) {
    return widths.computeIfAbsent(
        text,
        unseen -> {
          ruler.setText(unseen);
          return ruler.getLayoutBounds().getWidth();
        });
  }

  @Override
  public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
    return attribute == AccessibleAttribute.TEXT
        ? transcript.text(0, transcript.length())
        : super.queryAccessibleAttribute(attribute, parameters);
  }

  @Override
  protected double computePrefHeight(double width) {
    return 220;
  }

  @Override
  protected double computePrefWidth(double height) {
    return 480;
  }
}
