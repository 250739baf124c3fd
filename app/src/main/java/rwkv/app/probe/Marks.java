package rwkv.app.probe;

import rwkv.app.chart.CurveRaster;

/** Draws single points and lines between them, smooth-edged, in any direction. */
final class Marks {

  /** Kinds of marks. */
  static final int KINDS = 4;

  private Marks() {}

  /** Distance of a place from the edge of a mark, negative inside. */
  private static double distance(int kind, double dx, double dy, double radius) {
    return switch (kind) {
      case 0 -> Math.hypot(dx, dy) - radius;
      case 1 -> Math.max(Math.abs(dx), Math.abs(dy)) - 0.88 * radius;
      case 2 -> (Math.abs(dx) + Math.abs(dy)) / Math.sqrt(2) - 0.92 * radius;
      default -> Math.abs(Math.hypot(dx, dy) - 0.85 * radius) - 0.3 * radius;
    };
  }

  /**
   * A disc, square, diamond or ring.
   *
   * @param kind from 0; beyond the last they begin anew
   */
  static void point(CurveRaster on, int kind, double x, double y, double radius, int rgb) {
    int reach = (int) Math.ceil(1.5 * radius + 1);
    for (int py = (int) y - reach; py <= y + reach; py++) {
      for (int px = (int) x - reach; px <= x + reach; px++) {
        double edge = distance(kind % KINDS, px + 0.5 - x, py + 0.5 - y, radius);
        cover(on, px, py, 0.5 - edge, rgb);
      }
    }
  }

  /** A ring around a point. */
  static void ring(CurveRaster on, double x, double y, double radius, double thickness, int rgb) {
    int reach = (int) Math.ceil(radius + thickness + 1);
    for (int py = (int) y - reach; py <= y + reach; py++) {
      for (int px = (int) x - reach; px <= x + reach; px++) {
        double off = Math.abs(Math.hypot(px + 0.5 - x, py + 0.5 - y) - radius);
        cover(on, px, py, thickness / 2 + 0.5 - off, rgb);
      }
    }
  }

  /**
   * A line from point to point.
   *
   * @param dash length of dashes and of the gaps between them, 0 for none
   * @param before length of the line that was drawn so far
   * @return length of the line so far
   */
  static double line(
      CurveRaster on,
      double[] from,
      double[] to,
      double thickness,
      int rgb,
      int dash,
      double before) {
    double dx = to[0] - from[0];
    double dy = to[1] - from[1];
    double length = Math.hypot(dx, dy);
    if (length < 1e-9) {
      return before;
    }
    boolean flat = Math.abs(dx) >= Math.abs(dy);
    double reach = (thickness / 2 + 1) * length / Math.max(Math.abs(dx), Math.abs(dy));
    double a = flat ? from[0] : from[1];
    double b = flat ? to[0] : to[1];
    int last = (int) Math.floor(Math.max(a, b) + thickness / 2);
    for (int u = (int) Math.floor(Math.min(a, b) - thickness / 2); u <= last; u++) {
      double share = Math.clamp((u + 0.5 - a) / (b - a), 0, 1);
      if (dash > 0 && (long) ((before + share * length) / dash) % 2 != 0) {
        continue;
      }
      double middle = flat ? from[1] + share * dy : from[0] + share * dx;
      for (int v = (int) Math.floor(middle - reach); v <= middle + reach; v++) {
        int px = flat ? u : v;
        int py = flat ? v : u;
        double off = off(px + 0.5 - from[0], py + 0.5 - from[1], dx, dy, length);
        cover(on, px, py, thickness / 2 + 0.5 - off, rgb);
      }
    }
    return before + length;
  }

  /** Distance of a place from a line of that direction that begins at 0. */
  private static double off(double x, double y, double dx, double dy, double length) {
    double along = Math.clamp((x * dx + y * dy) / (length * length), 0, 1);
    return Math.hypot(x - along * dx, y - along * dy);
  }

  private static void cover(CurveRaster on, int x, int y, double covered, int rgb) {
    if (covered > 0) {
      on.fill(x, y, x + 1, y + 1, rgb, Math.min(1, covered));
    }
  }
}
