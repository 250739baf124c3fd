package rwkv.engine.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects, place by place, how far one set of numbers is from another. */
final class Comparison {

  private record Place(int layer, String site) {}

  private final Map<Place, SiteError> found = new LinkedHashMap<>();

  /** Compares the numbers of one token at one place. */
  void add(int layer, String site, int token, float[] reference, float[] values) {
    double largest = 0;
    double error = 0;
    int channel = 0;
    for (int i = 0; i < reference.length; i++) {
      double difference = difference(reference[i], i < values.length ? values[i] : Float.NaN);
      if (difference > error) {
        error = difference;
        channel = i;
      }
      if (Float.isFinite(reference[i])) {
        largest = Math.max(largest, Math.abs(reference[i]));
      }
    }
    SiteError here = new SiteError(layer, site, reference.length, largest, error, token, channel);
    found.merge(new Place(layer, site), here, Comparison::both);
  }

  private static double difference(float reference, float value) {
    if (reference == value) {
      return 0;
    }
    double difference = Math.abs((double) reference - value);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  private static SiteError both(SiteError one, SiteError other) {
    SiteError worse = other.error() > one.error() ? other : one;
    return new SiteError(
        one.layer(),
        one.site(),
        one.values() + other.values(),
        Math.max(one.largest(), other.largest()),
        worse.error(),
        worse.token(),
        worse.channel());
  }

  List<SiteError> sites() {
    return new ArrayList<>(found.values());
  }

  /** The largest relative error of all places. */
  double worst() {
    return found.values().stream().mapToDouble(SiteError::relative).max().orElse(0);
  }
}
