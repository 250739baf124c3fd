package rwkv.app.chart;

/**
 * Björn Ottosson's OKLab colour space: equal steps of L look like equal steps of lightness, at any
 * hue. Colours here are sRGB as 0xRRGGBB.
 */
final class OkLab {

  private OkLab() {}

  /** Lightness of a colour, 0 (black) to 1 (white). */
  static double lightness(int rgb) {
    double r = linear(rgb >> 16 & 255);
    double g = linear(rgb >> 8 & 255);
    double b = linear(rgb & 255);
    return 0.2104542553 * Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
        + 0.7936177850 * Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
        - 0.0040720468 * Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  }

  /** The colour of this lightness, chroma and hue in degrees, parts beyond sRGB cut off. */
  static int rgb(double lightness, double chroma, double hue) {
    double[] linear = linearRgb(lightness, chroma, hue);
    return stored(linear[0]) << 16 | stored(linear[1]) << 8 | stored(linear[2]);
  }

  /** The largest chroma up to {@code wanted} that sRGB can show at this lightness and hue. */
  static double chromaWithin(double wanted, double lightness, double hue) {
    double low = 0;
    double high = wanted;
    for (int step = 0; step < 24; step++) {
      double middle = step == 0 ? wanted : (low + high) / 2;
      if (isShowable(linearRgb(lightness, middle, hue))) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static boolean isShowable(double[] linear) {
    double slack = 1e-4;
    for (double part : linear) {
      if (part < -slack || part > 1 + slack) {
        return false;
      }
    }
    return true;
  }

  private static double[] linearRgb(double lightness, double chroma, double hue) {
    double a = chroma * Math.cos(Math.toRadians(hue));
    double b = chroma * Math.sin(Math.toRadians(hue));
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static double cube(double x) {
    return x * x * x;
  }

  private static double linear(int stored) {
    double c = stored / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  private static int stored(double linear) {
    double c = Math.clamp(linear, 0, 1);
    double s = c <= 0.0031308 ? 12.92 * c : 1.055 * Math.pow(c, 1 / 2.4) - 0.055;
    return (int) Math.round(255 * s);
  }
}
