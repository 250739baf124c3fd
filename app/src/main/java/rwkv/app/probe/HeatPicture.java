package rwkv.app.probe;

import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.input.MouseEvent;
import rwkv.app.chart.CurveRaster;
import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.TickText;

/** Coloured cells at their places on two axes, with their numbers where there is room. */
final class HeatPicture extends ChartPicture {

  private static final double LETTER = 6.6;
  private static final double WIDEST = 130;
  private static final double NUMBER_WIDTH = 36;
  private static final double NUMBER_HEIGHT = 15;

  private HeatData data;
  private HeatScale colors;
  private DivergingMap diverging = new DivergingMap(0xFFFFFF);
  private int neutral = 0xFFFFFF;
  private final TickText numbers = new TickText();

  HeatPicture(String title, HeatData data, HeatScale colors) {
    super(new Margins(room(data), 10, 6, 34), title);
    this.data = data;
    this.colors = colors;
    getChildren().add(numbers);
  }

  /** Room for the words of the rows. */
  static double room(HeatData data) {
    int longest = data.rows().stream().mapToInt(String::length).max().orElse(0);
    return 24 + Math.min(WIDEST, Math.max(2, longest) * LETTER);
  }

  void data(HeatData next, HeatScale scale) {
    data = next;
    colors = scale;
    changed();
  }

  @Override
  List<Key> keys() {
    return List.of();
  }

  @Override
  int colors() {
    return 1;
  }

  @Override
  int missing() {
    return data.missing();
  }

  @Override
  void arrangeAxes() {
    int ground = rgb(background());
    if (ground != neutral) {
      neutral = ground;
      diverging = new DivergingMap(ground);
    }
  }

  private int left(int column) {
    return (int) ((long) column * width() / Math.max(1, data.columns().size()));
  }

  private int top(int row) {
    return (int) ((long) row * height() / Math.max(1, data.rows().size()));
  }

  @Override
  protected void label(TickText texts) {
    double bottom = toY(height());
    double last = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < data.columns().size(); c++) {
      String words = data.columns().get(c);
      double x = toX((left(c) + left(c + 1)) / 2.0);
      double half = LETTER * words.length() / 2;
      if (x - half > last + 4) {
        texts.put(words, x, bottom + 2, Pos.TOP_CENTER, "number");
        last = x + half;
      }
    }
    texts.put(words(data.chart().x()), toX(width() / 2.0), bottom + 16, Pos.TOP_CENTER);
    last = Double.NEGATIVE_INFINITY;
    for (int r = 0; r < data.rows().size(); r++) {
      double y = toY((top(r) + top(r + 1)) / 2.0);
      if (y - 7 > last) {
        String words = shortened(data.rows().get(r));
        texts.put(words, margins().left() - 5, y, Pos.CENTER_RIGHT, "number");
        last = y + 7;
      }
    }
    texts.putUpwards(words(data.chart().y()), 8, toY(height() / 2.0));
  }

  private static String shortened(String words) {
    int most = (int) (WIDEST / LETTER);
    return words.length() <= most ? words : words.substring(0, most - 1) + "…";
  }

  @Override
  protected void draw(CurveRaster on) {
    for (int r = 0; r < data.rows().size(); r++) {
      for (int c = 0; c < data.columns().size(); c++) {
        int right = Math.max(left(c) + 1, left(c + 1) - gap(data.columns().size(), width()));
        int bottom = Math.max(top(r) + 1, top(r + 1) - gap(data.rows().size(), height()));
        if (data.known()[r][c]) {
          on.fill(left(c), top(r), right, bottom, color(r, c), 1);
        } else {
          empty(on, (left(c) + right) / 2, (top(r) + bottom) / 2);
        }
      }
    }
    numbers();
  }

  /** Between cells, where they are large enough. */
  private int gap(int cells, int extent) {
    return extent / Math.max(1, cells) > 6 * hair() ? hair() : 0;
  }

  /** A cell that nothing is known of has a dot in the place of a colour. */
  private void empty(CurveRaster on, int x, int y) {
    int half = hair();
    on.fill(x - half, y - half, x + half, y + half, rgb(line()), 1);
  }

  private int color(int row, int column) {
    return colors.color(data.values()[row][column], diverging, HeatScale.SEQUENTIAL) & 0xFFFFFF;
  }

  private void numbers() {
    numbers.begin();
    double cellWidth = width() / scale() / Math.max(1, data.columns().size());
    double cellHeight = height() / scale() / Math.max(1, data.rows().size());
    if (cellWidth >= NUMBER_WIDTH && cellHeight >= NUMBER_HEIGHT) {
      for (int r = 0; r < data.rows().size(); r++) {
        for (int c = 0; c < data.columns().size(); c++) {
          String words = data.known()[r][c] ? words(data.values()[r][c], cellWidth - 3) : "";
          if (!words.isEmpty()) {
            double x = toX((left(c) + left(c + 1)) / 2.0);
            double y = toY((top(r) + top(r + 1)) / 2.0);
            String style = isLight(color(r, c)) ? "on-light" : "on-dark";
            numbers.put(words, x, y, Pos.CENTER, "number", style);
          }
        }
      }
    }
    numbers.end();
  }

  /** A number with as many digits as fit, at least those that the scale's end has; or nothing. */
  private String words(double number, double room) {
    for (int digits = 3; digits > 1; digits--) {
      String words = Numbers.significant(number, digits);
      if (LETTER * words.length() <= room) {
        return words;
      }
    }
    double limit = Math.max(Math.abs(colors.least()), Math.abs(colors.most()));
    int decimals = (int) Math.clamp(2 - Math.floor(Math.log10(limit)), 0, 6);
    String words = String.format(Locale.ROOT, "%." + decimals + "f", number);
    return LETTER * words.length() <= room ? words : "";
  }

  private static boolean isLight(int rgb) {
    int weighted = 30 * (rgb >> 16 & 0xFF) + 59 * (rgb >> 8 & 0xFF) + 11 * (rgb & 0xFF);
    return weighted > 100 * 125;
  }

  @Override
  protected void hover(MouseEvent event) {
    int c = (int) Math.floor(across(event) * data.columns().size() / Math.max(1, width()));
    int r = (int) Math.floor(down(event) * data.rows().size() / Math.max(1, height()));
    if (c < 0 || c >= data.columns().size() || r < 0 || r >= data.rows().size()) {
      tell("");
      return;
    }
    String number = data.known()[r][c] ? Cells.exact(data.values()[r][c]) : "not measured";
    tell(
        "%s %s, %s %s: %s %s"
            .formatted(
                words(data.chart().y()),
                data.rows().get(r),
                words(data.chart().x()),
                data.columns().get(c),
                words(data.chart().value()),
                number));
  }
}
