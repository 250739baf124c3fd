package rwkv.app.state;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import org.jspecify.annotations.Nullable;
import rwkv.app.chart.SignedScale;
import rwkv.engine.analysis.MagnitudeQuantile;
import rwkv.engine.analysis.StateSize;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Frame;
import rwkv.engine.session.StateLayout;
import rwkv.engine.session.StateLayout.Kind;

/**
 * The memory of all heads that pictures show, and the scale they share. It copies a frame once,
 * however many views look at it, and keeps it when the frame is gone, so that numbers can be read
 * while the model rests.
 */
public final class ShownState {

  /** Of more numbers than this only every so-manieth is counted for the quantile. */
  private static final int COUNTED = 1 << 18;

  private static final StateLayout NOTHING = new StateLayout(Kind.MATRIX, 0, 0, 0, 0, List.of());

  private final SignedScale scale = new SignedScale();
  private final MagnitudeQuantile quantile = new MagnitudeQuantile();
  private final ReadOnlyLongWrapper scaleChanges = new ReadOnlyLongWrapper();
  private final DoubleSupplier clock;
  private String modelName = "";
  private StateLayout layout = NOTHING;
  private int layers;
  private int heads;
  private int position;
  private int scaleSince;
  private float[][] values = {};
  private @Nullable Frame seen;

  public ShownState() {
    this(() -> System.nanoTime() * 1e-9);
    // A few numbers of a trained model's state are hundreds of times larger than the rest.
    scale.mode(SignedScale.Mode.ROBUST);
  }

  /**
   * @param clock the time in seconds
   */
  ShownState(DoubleSupplier clock) {
    this.clock = clock;
  }

  /** A model is open: its states are all zero until the first frame. */
  public void open(ModelSpec spec, String name) {
    modelName = name;
    layout = StateLayout.of(spec);
    layers = layout.layers();
    heads = layout.groups();
    values = new float[layers][layout.count()];
    scale.fields(layers * heads);
    restart();
  }

  /** Copies a frame, unless it has just been copied, and lets the scale follow. */
  public void see(Frame frame) {
    if (frame == seen && frame.position() == position) {
      return;
    }
    seen = frame;
    position = frame.position();
    if (frame.state().length != layers) {
      return;
    }
    for (int layer = 0; layer < layers; layer++) {
      System.arraycopy(frame.state()[layer], 0, values[layer], 0, values[layer].length);
    }
    follow();
  }

  /** The state begins anew, and the scale with it. */
  public void restart() {
    seen = null;
    position = 0;
    for (float[] layer : values) {
      Arrays.fill(layer, 0);
    }
    scale.restart();
    scaleHasChanged();
  }

  /** Changes what decides the scale. */
  public void mode(SignedScale.Mode mode) {
    if (mode != scale.mode()) {
      scale.mode(mode);
      follow();
      scaleHasChanged();
    }
  }

  private void follow() {
    boolean changed =
        switch (scale.mode()) {
          case SHARED -> scale.observeAll(largest(), clock.getAsDouble());
          case ROBUST -> scale.observeAll(quantile(), clock.getAsDouble());
          case PER_HEAD -> followEach();
        };
    if (changed) {
      scaleHasChanged();
    }
  }

  private boolean followEach() {
    boolean changed = false;
    double now = clock.getAsDouble();
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        changed |= scale.observeOne(layer * heads + head, largest(layer, head), now);
      }
    }
    return changed;
  }

  private float largest() {
    float max = 0;
    for (float[] layer : values) {
      max = Math.max(max, StateSize.max(layer, 0, layer.length));
    }
    return max;
  }

  private float quantile() {
    long count = (long) layers * layout.count();
    quantile.clear();
    for (float[] layer : values) {
      quantile.add(layer, stride(count));
    }
    float within = quantile.at(SignedScale.ROBUST_SHARE);
    return within > 0 ? within : largest();
  }

  /** An odd step, so that it does not always meet the same columns. */
  private static int stride(long count) {
    return count <= COUNTED ? 1 : (int) (count / COUNTED) | 1;
  }

  private void scaleHasChanged() {
    scaleSince = position;
    scaleChanges.set(scaleChanges.get() + 1);
  }

  /** Counts the changes of the scale. */
  public ReadOnlyLongProperty scaleChangesProperty() {
    return scaleChanges.getReadOnlyProperty();
  }

  /** Whether there is a model whose memory can be shown. */
  public boolean isThere() {
    return layout.count() > 0;
  }

  /** How a layer's memory is shown. */
  public StateLayout layout() {
    return layout;
  }

  public String modelName() {
    return modelName;
  }

  public int layers() {
    return layers;
  }

  /** Heads, or runs of channels, of a layer. */
  public int heads() {
    return heads;
  }

  /** Rows of a head, its value dimension. */
  public int rows() {
    return layout.rows();
  }

  /** Columns of a head, its key dimension. */
  public int columns() {
    return layout.columns();
  }

  /** Tokens in the state. */
  public int position() {
    return position;
  }

  /** The position at which the scale changed last. */
  public int scaleSince() {
    return scaleSince;
  }

  public SignedScale.Mode mode() {
    return scale.mode();
  }

  /** The size that has the strongest colour in a head; 0 while all was zero. */
  public double limit(int layer, int head) {
    return isThere() ? scale.limit(layer * heads + head) : 0;
  }

  /** What is shown of a layer, [heads, rows, columns]; not to be changed. */
  public float[] layer(int layer) {
    return values[layer];
  }

  /** Where a head begins in {@link #layer}. */
  public int offset(int head) {
    return head * layout.panel();
  }

  /** One number: row {@code i} (a value dimension), column {@code j} (a key dimension). */
  public float value(int layer, int head, int i, int j) {
    return values[layer][offset(head) + i * columns() + j];
  }

  /** Largest magnitude in a head. */
  public float largest(int layer, int head) {
    return StateSize.max(values[layer], offset(head), layout.panel());
  }
}
