package rwkv.app.tensors;

import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.HeatSurface;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.PictureRegion;
import rwkv.app.chart.TickText;
import rwkv.engine.analysis.MatrixOverview;

/** The chosen tensor as a matrix of coloured cells. */
final class MatrixPicture extends PictureRegion {

  private static final double LEFT = 58;
  private static final double RIGHT = 26;
  private static final double TOP = 4;
  private static final double BOTTOM = 34;

  /** Cells are at most so many times as long as wide. */
  private static final double LONGEST = 4;

  private static final double VECTOR_HEIGHT = 56;

  private static final double MATRIX_HEIGHT = 300;

  private final HeatSurface surface = new HeatSurface();
  private final TickText words = new TickText();
  private final TensorDetailViewModel model;
  private DivergingMap map = new DivergingMap(0xFFFFFF);

  MatrixPicture(TensorDetailViewModel model) {
    this.model = model;
    getStyleClass().add("matrix-picture");
    getChildren().addAll(surface.view(), words);
    setMinSize(160, TOP + VECTOR_HEIGHT + BOTTOM);
    setCursor(Cursor.CROSSHAIR);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    accessibleTextProperty().bind(model.titleProperty());
    setOnMouseMoved(this::hover);
    setOnMouseExited(_ -> model.hoverCell(-1, -1));
    model.previewProperty().subscribe(_ -> requestLayout());
    model.extremesProperty().subscribe(_ -> requestLayout());
  }

  /** Whether there is more than one row to be seen. */
  boolean isTall() {
    MatrixOverview overview = model.overview();
    return overview == null || overview.rows() > 1;
  }

  @Override
  protected double computePrefHeight(double width) {
    return isTall() ? MATRIX_HEIGHT : TOP + VECTOR_HEIGHT + BOTTOM;
  }

  DivergingMap map() {
    return map;
  }

  @Override
  protected void arrange() {
    map = new DivergingMap(rgb(background()));
    double scale = scale();
    MatrixOverview overview = model.overview();
    double width = (getWidth() - LEFT - RIGHT) * scale;
    double height = (getHeight() - TOP - BOTTOM) * scale;
    words.begin();
    if (overview == null || overview.rows() == 0 || width < 1 || height < 1) {
      surface.place(0, 0, 0, 0, scale);
    } else {
      Cell cell = cell(overview, width, height, VECTOR_HEIGHT * scale);
      surface.place(
          (int) Math.round(LEFT * scale),
          (int) Math.round(TOP * scale),
          (int) Math.max(1, cell.width * overview.columns()),
          (int) Math.max(1, cell.height * overview.rows()),
          scale);
      label(overview, surface.width() / scale, surface.height() / scale);
      paint(overview);
    }
    words.end();
  }

  /** In pixels; whole ones where a cell has two or more. */
  record Cell(double width, double height) {}

  /** As large as fits, but not too long; a vector is a band. */
  static Cell cell(MatrixOverview overview, double width, double height, double vectorHeight) {
    double across = width / overview.columns();
    double down = height / overview.rows();
    across = Math.min(across, LONGEST * down);
    down = overview.rows() == 1 ? Math.min(down, vectorHeight) : Math.min(down, LONGEST * across);
    return new Cell(across < 2 ? across : Math.floor(across), down < 2 ? down : Math.floor(down));
  }

  private void label(MatrixOverview overview, double width, double height) {
    double bottom = TOP + height;
    words.put("0", LEFT, bottom + 2, Pos.TOP_LEFT, "number");
    String lastColumn = Numbers.count(overview.matrixColumns() - 1);
    if (overview.matrixColumns() > 1 && width > 60) {
      words.put(lastColumn, LEFT + width, bottom + 2, Pos.TOP_RIGHT, "number");
    }
    words.put("column", LEFT + Math.max(24, width / 2), bottom + 17, Pos.TOP_CENTER);
    if (overview.matrixRows() > 1) {
      String lastRow = Numbers.count(overview.matrixRows() - 1);
      words.put("0", LEFT - 5, TOP, Pos.TOP_RIGHT, "number");
      if (height > 28) {
        words.put(lastRow, LEFT - 5, bottom, Pos.BOTTOM_RIGHT, "number");
      }
      if (height > 60) {
        words.putUpwards("row", 8, TOP + height / 2);
      }
    }
  }

  private void paint(MatrixOverview overview) {
    int width = surface.width();
    int height = surface.height();
    int[] pixels = surface.pixels();
    float gain = model.limit() > 0 ? (float) (DivergingMap.STEPS / model.limit()) : 0;
    for (int y = 0; y < height; y++) {
      int row = y * overview.rows() / height;
      int rowEnd = Math.max(row + 1, (y + 1) * overview.rows() / height);
      for (int x = 0; x < width; x++) {
        int column = x * overview.columns() / width;
        int columnEnd = Math.max(column + 1, (x + 1) * overview.columns() / width);
        float value = model.cells(overview, row, rowEnd, column, columnEnd);
        pixels[y * width + x] = map.colorOf(value, gain);
      }
    }
    surface.show();
  }

  private void hover(MouseEvent event) {
    @Nullable MatrixOverview overview = model.overview();
    double scale = scale();
    double x = (event.getX() - LEFT) * scale / Math.max(1, surface.width());
    double y = (event.getY() - TOP) * scale / Math.max(1, surface.height());
    if (overview == null || x < 0 || y < 0 || x >= 1 || y >= 1) {
      model.hoverCell(-1, -1);
    } else {
      model.hoverCell((int) (y * overview.rows()), (int) (x * overview.columns()));
    }
  }
}
