package rwkv.engine.model;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Memo;

/**
 * The states of a batch of sequences, where the kernels want them. A forward pass changes it in
 * place; {@link #snapshot} and {@link #restore} carry the state of one sequence in and out.
 *
 * <p>A state that grows holds the text too, and sequences of a batch may then be of different
 * lengths. What layers work out from the growing parts and keep ({@link Memo}) is no part of it.
 */
public final class State {

  private final ModelSpec spec;
  private final int batch;
  private final @Nullable Buffer[][] parts;
  private final @Nullable History[][] histories;
  private final @Nullable Memo[] memos;
  private final Text[] texts;

  State(ModelSpec spec, Kernels kernels, int batch) {
    this.spec = spec;
    this.batch = batch;
    int count = spec.stateParts().size();
    this.parts = new Buffer[spec.layers()][count];
    this.histories = new History[spec.layers()][count];
    this.memos = new Memo[spec.layers()];
    this.texts = new Text[spec.grows() ? batch : 0];
    Arrays.setAll(texts, _ -> new Text());
    for (int layer = 0; layer < spec.layers(); layer++) {
      for (int p = 0; p < count; p++) {
        StatePart part = spec.stateParts().get(p);
        if (part.grows()) {
          histories[layer][p] = kernels.history(batch, part.count());
        } else {
          parts[layer][p] = kernels.buffer(batch, 1, part.count());
        }
      }
    }
  }

  /** How many sequences. */
  public int batch() {
    return batch;
  }

  /**
   * A part of a layer's state, {@code [batch, 1, numbers of the part]}, itself and not a copy.
   *
   * @throws IllegalArgumentException if the part grows
   */
  public Buffer part(int layer, int part) {
    Buffer buffer = parts[layer][part];
    if (buffer == null) {
      throw new IllegalArgumentException(spec.stateParts().get(part) + " grows");
    }
    return buffer;
  }

  /**
   * A part of a layer's state that grows, itself and not a copy.
   *
   * @throws IllegalArgumentException if the part does not grow
   */
  public History history(int layer, int part) {
    History history = histories[layer][part];
    if (history == null) {
      throw new IllegalArgumentException(spec.stateParts().get(part) + " does not grow");
    }
    return history;
  }

  /** The text in a state that grows, copied; empty for one that does not. */
  public int[] tokens(int sequence) {
    return texts.length == 0 ? new int[0] : texts[sequence].toArray();
  }

  /** What a layer keeps beside its state, made when it is first asked for. */
  Memo memo(int layer, Supplier<? extends Memo> made) {
    Memo memo = memos[layer];
    if (memo == null) {
      memo = made.get();
      memos[layer] = memo;
    }
    return memo;
  }

  /**
   * A pass over tokens {@code [batch, time]} begins: makes room for them, and takes them into the
   * text.
   *
   * @throws IllegalStateException if there is no memory; then nothing has changed
   */
  void advance(int[] tokens, int time) {
    for (@Nullable History[] layer : histories) {
      for (History history : layer) {
        if (history != null) {
          history.reserve(time);
        }
      }
    }
    for (int sequence = 0; sequence < texts.length; sequence++) {
      texts[sequence].append(tokens, sequence * time, time);
    }
  }

  /** A copy of one sequence's state. */
  public StateSnapshot snapshot(int sequence) {
    float[][][] values = new float[spec.layers()][spec.stateParts().size()][];
    for (int layer = 0; layer < values.length; layer++) {
      for (int p = 0; p < values[layer].length; p++) {
        values[layer][p] = new float[length(sequence, layer, p)];
        read(sequence, layer, p, values[layer][p]);
      }
    }
    return new StateSnapshot(spec.stateParts(), values, tokens(sequence));
  }

  /**
   * Sets one sequence's state.
   *
   * @throws IllegalArgumentException if the snapshot is of a model of another shape
   */
  public void restore(int sequence, StateSnapshot snapshot) {
    if (snapshot.layers() != spec.layers() || !snapshot.parts().equals(spec.stateParts())) {
      throw new IllegalArgumentException(
          "the state is of "
              + snapshot.layers()
              + " layers of "
              + Arrays.toString(snapshot.parts().toArray())
              + ", the model has "
              + spec.layers()
              + " layers of "
              + Arrays.toString(spec.stateParts().toArray()));
    }
    for (int layer = 0; layer < spec.layers(); layer++) {
      for (int p = 0; p < spec.stateParts().size(); p++) {
        write(sequence, layer, p, snapshot.values(layer, p));
      }
      Memo memo = memos[layer];
      if (memo != null) {
        memo.forget(sequence);
      }
    }
    if (texts.length > 0) {
      texts[sequence] = new Text();
      texts[sequence].append(snapshot.tokens(), 0, snapshot.tokens().length);
    }
  }

  /** How many numbers a part of one sequence's state holds now. */
  public int length(int sequence, int layer, int part) {
    int count = spec.stateParts().get(part).count();
    History history = histories[layer][part];
    return history == null ? count : Math.multiplyExact(count, history.length(sequence));
  }

  /** Copies a part of one sequence's state into {@code into}, which is exactly as long. */
  public void read(int sequence, int layer, int part, float[] into) {
    History history = histories[layer][part];
    if (history == null) {
      Buffer buffer = part(layer, part);
      buffer.read(sequence * buffer.channels(), into, 0, buffer.channels());
    } else {
      history.read(sequence, 0, into, 0, history.length(sequence));
    }
  }

  private void write(int sequence, int layer, int part, float[] numbers) {
    History history = histories[layer][part];
    if (history == null) {
      part(layer, part).write(sequence * numbers.length, numbers, 0, numbers.length);
    } else {
      history.replace(sequence, numbers);
    }
  }

  /** The tokens of a sequence. */
  private static final class Text {
    private int[] tokens = new int[0];
    private int length;

    void append(int[] from, int at, int count) {
      if (length + count > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(length + count, length + length / 2));
      }
      System.arraycopy(from, at, tokens, length, count);
      length += count;
    }

    int[] toArray() {
      return Arrays.copyOf(tokens, length);
    }
  }
}
