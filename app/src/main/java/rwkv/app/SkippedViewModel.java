package rwkv.app;

import java.util.Locale;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/**
 * How much of channel mixing the last token did without: its activation is a squared relu, and a
 * column of the value matrix whose activation is zero is not read.
 */
final class SkippedViewModel {

  private static final int A_LINE = 4;
  private static final String WHAT =
      """
      Channel mixing squares a relu, so many of its activations are exactly zero.
      Columns of the value matrix that would be multiplied by zero are not read.
      """;

  private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<float[]> shares = new ReadOnlyObjectWrapper<>(new float[0]);

  /** As in "skipped 87 %"; empty before the first token. */
  ReadOnlyStringProperty textProperty() {
    return text.getReadOnlyProperty();
  }

  /** A share between 0 and 1 for every layer; none before the first token. */
  ReadOnlyObjectProperty<float[]> sharesProperty() {
    return shares.getReadOnlyProperty();
  }

  /** The shares of a moment by layer, copied; empty or NaN where there has been no token. */
  void see(float[] now) {
    if (now.length == 0 || Float.isNaN(now[0])) {
      clear();
      return;
    }
    shares.set(now.clone());
    double sum = 0;
    for (float share : now) {
      sum += share;
    }
    text.set("skipped " + percent(sum / now.length));
  }

  void clear() {
    text.set("");
    shares.set(new float[0]);
  }

  /** What it is, and every layer's share. */
  String explanation() {
    StringBuilder words = new StringBuilder(WHAT).append("Skipped for the last token:\n");
    float[] now = shares.get();
    for (int layer = 0; layer < now.length; layer++) {
      String gap = layer % A_LINE == 0 ? "\n" : "   ";
      words.append(gap).append("layer %2d %5s".formatted(layer, percent(now[layer])));
    }
    return words.toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
