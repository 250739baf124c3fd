package rwkv.app.decay;

import java.util.Arrays;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.chart.Numbers;
import rwkv.app.cursor.Place;
import rwkv.app.cursor.PlaceCursor;
import rwkv.engine.analysis.HalfLife;
import rwkv.engine.analysis.Quantiles;
import rwkv.engine.analysis.Survival;
import rwkv.engine.model.Version;
import rwkv.engine.session.Frame;

/** How long the chosen head remembers: curves, half-lives and words. */
public final class DecayViewModel {

  /** Tokens after the write that curves reach to. */
  static final int FARTHEST = 10_000;

  private static final int POINTS_PER_DECADE = 18;
  private static final String HINT = "hover for a channel's half-life";

  private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper readout = new ReadOnlyStringWrapper(HINT);
  private final ReadOnlyStringWrapper range = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper measured = new ReadOnlyStringWrapper("");
  private final ShownDecays decays = new ShownDecays();
  private PlaceCursor cursor = new PlaceCursor();
  private Survival survival = new Survival(tokens(), 0);
  private double[] halfLives = {};
  private int channel = -1;

  /** Whole numbers of tokens from 1 to {@link #FARTHEST}, evenly spread on a logarithmic axis. */
  static double[] tokens() {
    int most = 4 * POINTS_PER_DECADE;
    return IntStream.rangeClosed(0, most)
        .mapToDouble(p -> Math.round(Math.pow(FARTHEST, (double) p / most)))
        .distinct()
        .toArray();
  }

  public ReadOnlyStringProperty titleProperty() {
    return title.getReadOnlyProperty();
  }

  /** The channel under the mouse, its decay and half-life. */
  public ReadOnlyStringProperty readoutProperty() {
    return readout.getReadOnlyProperty();
  }

  /** Smallest, median and largest half-life of the head in tokens. */
  public ReadOnlyStringProperty rangeProperty() {
    return range.getReadOnlyProperty();
  }

  /** From how many tokens all this was measured. */
  public ReadOnlyStringProperty measuredProperty() {
    return measured.getReadOnlyProperty();
  }

  ShownDecays decays() {
    return decays;
  }

  void bind(PlaceCursor shared) {
    cursor = shared;
  }

  Place place() {
    return cursor.place();
  }

  /** Another model has been opened. */
  void opened() {
    survival = new Survival(tokens(), decays.size());
    halfLives = new double[decays.size()];
    channel = -1;
    words();
  }

  void restart() {
    decays.clear();
    words();
  }

  /** Measures a frame. */
  void see(Frame frame) {
    if (decays.see(frame) && isThere()) {
      Place place = place();
      boolean mine = frame.layer() == place.layer() && frame.head() == place.head();
      measure(mine ? frame.headDecays() : new float[0][]);
    }
  }

  /** The place has changed: until a frame of this head comes, its mean decays must do. */
  void turn() {
    if (isThere()) {
      measure(new float[0][]);
    }
    words();
  }

  private boolean isThere() {
    return decays.isKnown() && place().layer() < decays.layers() && place().head() < decays.heads();
  }

  private void measure(float[][] last) {
    float[] means = decays.layer(place().layer());
    int from = decays.offset(place().head());
    survival.measure(last, means, from);
    HalfLife.tokens(means, from, halfLives);
    words();
  }

  private void words() {
    title.set("Decay of " + decays.placeName(place()));
    readOut();
    if (!isThere()) {
      range.set("");
      measured.set(nothing());
      return;
    }
    double[] sorted = halfLives.clone();
    Arrays.sort(sorted);
    range.set(
        "%s / %s / %s tokens"
            .formatted(
                Numbers.tokens(sorted[0]),
                Numbers.tokens(Quantiles.ofSorted(sorted, sorted.length, 0.5)),
                Numbers.tokens(sorted[sorted.length - 1])));
    measured.set(origin());
  }

  private String nothing() {
    if (decays.layers() == 0) {
      return "";
    }
    return decays.kind() == Version.Decay.NONE
        ? decays.versionName() + " has no decay"
        : "no token has been read yet";
  }

  /** What the curves come from, in words. */
  private String origin() {
    String tokens = decays.window() == 1 ? "token" : "tokens";
    return switch (decays.kind()) {
      case PER_HEAD -> decays.versionName() + ": one decay for the head, the same at every token";
      case PER_CHANNEL -> decays.versionName() + ": the same at every token";
      case PER_TOKEN, NONE ->
          "measured over the last %s %s".formatted(Numbers.count(decays.window()), tokens);
    };
  }

  /** Up to how many tokens after the write the curves are exact. */
  double exactUpTo() {
    return decays.isConstant() ? FARTHEST : survival.window();
  }

  /** What the view shows: model, head, tokens measured. */
  String caption() {
    return "What decay leaves of a write of %s of %s (token %s), %s. Half-life min / median / max: %s."
        .formatted(
            decays.placeName(place()),
            decays.modelName(),
            Numbers.count(decays.position()),
            origin(),
            range.get());
  }

  /** Whether there are curves to show. */
  boolean isKnown() {
    return isThere();
  }

  Survival survival() {
    return survival;
  }

  /** Half-life of a key channel, in tokens. */
  double halfLife(int j) {
    return halfLives[j];
  }

  /** The key channel under the mouse, or -1. */
  int channel() {
    return channel;
  }

  /** The mouse is nearest to this channel's curve; -1 if it is away. */
  void hover(int nearest) {
    channel = nearest;
    readOut();
  }

  private void readOut() {
    if (channel < 0 || channel >= halfLives.length || !isThere()) {
      readout.set(HINT);
      return;
    }
    double w = Math.exp(decays.layer(place().layer())[decays.offset(place().head()) + channel]);
    readout.set(
        "%s: w %s, half-life %s tokens"
            .formatted(
                decays.channelName(place().head(), channel),
                Numbers.significant(w, 6),
                Numbers.tokens(halfLives[channel])));
  }
}
