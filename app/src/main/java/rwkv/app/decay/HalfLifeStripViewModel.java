package rwkv.app.decay;

import java.util.Arrays;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.chart.Numbers;
import rwkv.app.cursor.Place;
import rwkv.app.cursor.PlaceCursor;
import rwkv.engine.analysis.HalfLife;
import rwkv.engine.analysis.Quantiles;
import rwkv.engine.model.Version;
import rwkv.engine.session.Frame;

/** Half-lives of all heads: the median and the 10 % and 90 % quantile over key channels. */
public final class HalfLifeStripViewModel {

  private static final String HINT = "bar: 10–90 % of a head's key channels, tick: median";

  private final ReadOnlyStringWrapper readout = new ReadOnlyStringWrapper(HINT);
  private final ShownDecays decays = new ShownDecays();
  private PlaceCursor cursor = new PlaceCursor();
  private double[] halfLives = {};
  private double[][] spread = {};
  private int over = -1;

  /** The head under the mouse and its half-lives. */
  public ReadOnlyStringProperty readoutProperty() {
    return readout.getReadOnlyProperty();
  }

  ShownDecays decays() {
    return decays;
  }

  void bind(PlaceCursor shared) {
    cursor = shared;
  }

  PlaceCursor cursor() {
    return cursor;
  }

  /** Another model has been opened. */
  void opened() {
    halfLives = new double[decays.size()];
    spread = new double[decays.layers() * decays.heads()][3];
    over = -1;
    readOut();
  }

  void restart() {
    decays.clear();
    readOut();
  }

  /** Measures a frame. */
  void see(Frame frame) {
    if (!decays.see(frame)) {
      return;
    }
    for (int head = 0; head < spread.length; head++) {
      float[] means = decays.layer(head / decays.heads());
      HalfLife.tokens(means, decays.offset(head % decays.heads()), halfLives);
      Arrays.sort(halfLives);
      for (int q = 0; q < 3; q++) {
        spread[head][q] = Quantiles.ofSorted(halfLives, halfLives.length, 0.1 + 0.4 * q);
      }
    }
    readOut();
  }

  /** Heads of all layers. */
  int count() {
    return spread.length;
  }

  /** The 10 % quantile of a head's half-lives in tokens; heads are counted over all layers. */
  double low(int head) {
    return spread[head][0];
  }

  /** Their median. */
  double median(int head) {
    return spread[head][1];
  }

  /** Their 90 % quantile. */
  double high(int head) {
    return spread[head][2];
  }

  /** The mouse is over this head, counted over all layers; -1 for none. */
  void hover(int head) {
    over = head;
    readOut();
  }

  /** What the strip shows: model, tokens measured. */
  String caption() {
    return ("Half-lives of all heads of %s from the mean decay of the last %s tokens (token %s):"
            + " 10–90 %% of the key channels and their median.")
        .formatted(
            decays.modelName(), Numbers.count(decays.window()), Numbers.count(decays.position()));
  }

  private void readOut() {
    if (over < 0 || over >= count() || !decays.isKnown()) {
      readout.set(
          decays.kind() == Version.Decay.NONE ? decays.versionName() + " has no decay" : HINT);
      return;
    }
    readout.set(
        "%s: half-life median %s, 10–90 %% %s–%s tokens"
            .formatted(
                decays.placeName(new Place(over / decays.heads(), over % decays.heads())),
                Numbers.tokens(median(over)),
                Numbers.tokens(low(over)),
                Numbers.tokens(high(over))));
  }
}
