package rwkv.app.state;

import rwkv.engine.session.Event.Dynamics;

/**
 * RMS and change of every head's state at the last tokens, so that choosing another head shows its
 * past at once. Bounded: {@link #capacity()} tokens, fewer for models of many heads.
 */
final class DynamicsHistory {

  private static final int MOST_TOKENS = 2048;
  private static final int MOST_NUMBERS = 1 << 22;

  private final int heads;
  private final int capacity;
  private final float[] rms;
  private final float[] change;
  private final int[] positions;
  private long added;
  private int held;

  /**
   * @param heads of all layers together
   */
  DynamicsHistory(int heads) {
    this.heads = heads;
    this.capacity = Math.clamp(MOST_NUMBERS / Math.max(1, heads), 64, MOST_TOKENS);
    this.rms = new float[capacity * heads];
    this.change = new float[capacity * heads];
    this.positions = new int[capacity];
  }

  /** Adds a token; one without watched dynamics is passed over. */
  void add(int position, Dynamics dynamics) {
    if (dynamics.rms().length != heads || heads == 0) {
      return;
    }
    int slot = (int) (added++ % capacity);
    System.arraycopy(dynamics.rms(), 0, rms, slot * heads, heads);
    System.arraycopy(dynamics.change(), 0, change, slot * heads, heads);
    positions[slot] = position;
    held = Math.min(held + 1, capacity);
  }

  /** Forgets what came at a position and after it. */
  void back(int position) {
    while (held > 0 && position(held - 1) >= position) {
      added--;
      held--;
    }
  }

  /** Forgets all. */
  void clear() {
    added = 0;
    held = 0;
  }

  /** Tokens it keeps at most. */
  int capacity() {
    return capacity;
  }

  /** Tokens it holds. */
  int size() {
    return held;
  }

  private int slot(int index) {
    return (int) ((added - size() + index) % capacity);
  }

  /** Position in the sequence of the {@code index}th token held, oldest first. */
  int position(int index) {
    return positions[slot(index)];
  }

  /** √(mean of squares) of a head's state after that token; {@code head} over all layers. */
  float rms(int index, int head) {
    return rms[slot(index) * heads + head];
  }

  /** ‖S_t − S_{t−1}‖_F / ‖S_t‖_F of a head at that token. */
  float change(int index, int head) {
    return change[slot(index) * heads + head];
  }
}
