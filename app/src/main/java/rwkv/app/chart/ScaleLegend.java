package rwkv.app.chart;

import javafx.geometry.Pos;

/** The colours of a scale as a bar, with numbers under it and the unit. */
public final class ScaleLegend extends PictureRegion {

  private static final double BAR_HEIGHT = 8;
  private static final double HEIGHT = 24;
  private static final double WIDTH = 150;

  private final HeatSurface bar = new HeatSurface();
  private final TickText words = new TickText();
  private String low = "";
  private String middle = "";
  private String high = "";
  private int[] colors = {0};

  public ScaleLegend() {
    getStyleClass().add("scale-legend");
    getChildren().addAll(bar.view(), words);
    setMinSize(WIDTH, HEIGHT);
    setPrefSize(WIDTH, HEIGHT);
    setMaxSize(WIDTH, HEIGHT);
  }

  /** Shows a zero-centred scale; a limit of 0 means that all was zero so far. */
  public void signed(DivergingMap map, double limit) {
    String number = Numbers.shortest(limit);
    signed(map, limit > 0 ? "-" + number : "", limit > 0 ? number : "");
  }

  /** Shows a zero-centred scale with these words at its ends. */
  public void signed(DivergingMap map, String lowWords, String highWords) {
    int[] steps = new int[2 * DivergingMap.STEPS + 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = map.step(i - DivergingMap.STEPS);
    }
    show(steps, lowWords, "0", highWords);
  }

  /** Shows a scale for sizes with words at its ends and its middle. */
  public void sequential(SequentialMap map, String lowWords, String middleWords, String highWords) {
    int[] steps = new int[256];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = map.color(i / 255.0);
    }
    show(steps, lowWords, middleWords, highWords);
  }

  private void show(int[] steps, String lowWords, String middleWords, String highWords) {
    colors = steps;
    low = lowWords;
    middle = middleWords;
    high = highWords;
    requestLayout();
  }

  @Override
  protected void arrange() {
    double scale = scale();
    int width = (int) Math.round(getWidth() * scale);
    int height = (int) Math.round(BAR_HEIGHT * scale);
    bar.place(0, 0, width, height, scale);
    int[] pixels = bar.pixels();
    int edge = 0xFF000000 | rgb(line());
    for (int x = 0; x < width; x++) {
      int color = colors[(int) ((long) x * (colors.length - 1) / Math.max(1, width - 1))];
      for (int y = 0; y < height; y++) {
        boolean frame = x == 0 || y == 0 || x == width - 1 || y == height - 1;
        pixels[y * width + x] = frame ? edge : color;
      }
    }
    bar.show();
    words.begin();
    words.put(low, 0, BAR_HEIGHT + 1, Pos.TOP_LEFT, "number");
    words.put(middle, getWidth() / 2, BAR_HEIGHT + 1, Pos.TOP_CENTER, "number");
    words.put(high, getWidth(), BAR_HEIGHT + 1, Pos.TOP_RIGHT, "number");
    words.end();
  }
}
