package rwkv.probes;

import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.State;
import rwkv.engine.session.StateLayout;

/**
 * The WKV states of a batch, head by head, as the numbers they stand for: S [value, key] of a head;
 * of RWKV-4, which has no heads, the averages a/b of a run of channels, as one row.
 */
final class Memory {

  private final StateLayout.Reader reader;
  private final StateLayout layout;
  private final float[] panels;

  Memory(ModelSpec spec) {
    reader = new StateLayout.Reader(spec);
    layout = reader.layout();
    panels = new float[layout.count()];
  }

  /** Why there is nothing to look at, in a sentence. */
  static Optional<String> missing(ModelSpec spec) {
    return StateLayout.of(spec).kind() == StateLayout.Kind.SHIFT
        ? Optional.of(spec.version().title() + " has no WKV state.")
        : Optional.empty();
  }

  int layers() {
    return layout.layers();
  }

  /** Heads; of RWKV-4 runs of channels. */
  int heads() {
    return layout.groups();
  }

  /** Value dimensions of a head; 1 for RWKV-4. */
  int rows() {
    return layout.rows() - layout.firstMeasuredRow();
  }

  /** Key dimensions of a head, which decay each by its own factor. */
  int columns() {
    return layout.columns();
  }

  /** Whether a state is a matrix. */
  boolean hasHeads() {
    return layout.hasHeads();
  }

  /** What a head is called, as in "H3" or "ch. 64–127". */
  String name(int head) {
    return layout.groupName(head);
  }

  /** Numbers of a layer's heads. */
  int count() {
    return heads() * rows() * columns();
  }

  /**
   * Copies a layer of a sequence.
   *
   * @param into receives {@code [heads, rows, columns]}
   */
  void read(State state, int sequence, int layer, float[] into) {
    if (layout.firstMeasuredRow() == 0) {
      reader.read(state, sequence, layer, into);
      return;
    }
    reader.read(state, sequence, layer, panels);
    int skipped = layout.firstMeasuredRow() * columns();
    int size = rows() * columns();
    for (int head = 0; head < heads(); head++) {
      System.arraycopy(panels, head * layout.panel() + skipped, into, head * size, size);
    }
  }
}
