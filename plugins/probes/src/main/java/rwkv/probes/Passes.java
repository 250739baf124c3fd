package rwkv.probes;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.trace.Trace;

/**
 * Sequences that a model reads side by side, a few tokens at a time so that others have their turn.
 */
final class Passes {

  /** Tokens of a forward pass, all sequences together. */
  private static final int MOST_TOKENS = 128;

  /** Logits held at a time. */
  private static final int MOST_LOGITS = 1 << 22;

  private final Rwkv model;
  private final State state;

  /** Is given the logits after a token, in an array that is used again. */
  @FunctionalInterface
  interface Sink {
    /**
     * @param sequence of the batch; of the same token, in ascending order
     * @param token its place in the sequence, in ascending order
     */
    void row(int sequence, int token, float[] logits);
  }

  /** Is given what two models or states predict after the same token. */
  @FunctionalInterface
  interface Pairs {
    void rows(int sequence, int token, float[] one, float[] other);
  }

  Passes(Rwkv model, int batch) {
    this.model = model;
    this.state = model.state(batch);
  }

  State state() {
    return state;
  }

  /** Sets a sequence's state. */
  void restore(int sequence, StateSnapshot snapshot) {
    state.restore(sequence, snapshot);
  }

  /** Reads tokens {@code from} to {@code to} of every sequence and looks at no prediction. */
  void read(int[][] sequences, int from, int to, Trace trace, Progress progress) {
    int chunk = Math.max(1, MOST_TOKENS / state.batch());
    Buffer logits = model.logits(state.batch(), 1);
    for (int at = from; at < to; at += chunk) {
      int time = Math.min(chunk, to - at);
      model.forward(logits, tokens(sequences, at, time), time, state, trace);
      progress.at((at + time - from) / (double) (to - from));
    }
  }

  /** Reads tokens {@code from} to {@code to} of every sequence. */
  void read(int[][] sequences, int from, int to, Trace trace, Sink sink, Progress progress) {
    int chunk = chunk();
    float[] row = new float[model.spec().vocabulary()];
    for (int at = from; at < to; at += chunk) {
      int time = Math.min(chunk, to - at);
      Buffer logits = forward(sequences, at, time, trace);
      for (int t = 0; t < time; t++) {
        for (int sequence = 0; sequence < state.batch(); sequence++) {
          logits.read((sequence * time + t) * row.length, row, 0, row.length);
          sink.row(sequence, at + t, row);
        }
      }
      progress.at((at + time - from) / (double) (to - from));
    }
  }

  /** Reads the same tokens here and there. */
  void compare(
      Passes other,
      int[][] sequences,
      int from,
      int to,
      Trace trace,
      Trace otherTrace,
      Pairs pairs,
      Progress progress) {
    int chunk = chunk();
    float[] mine = new float[model.spec().vocabulary()];
    float[] others = new float[mine.length];
    for (int at = from; at < to; at += chunk) {
      int time = Math.min(chunk, to - at);
      Buffer one = forward(sequences, at, time, trace);
      Buffer two = other.forward(sequences, at, time, otherTrace);
      for (int t = 0; t < time; t++) {
        for (int sequence = 0; sequence < state.batch(); sequence++) {
          int row = (sequence * time + t) * mine.length;
          one.read(row, mine, 0, mine.length);
          two.read(row, others, 0, others.length);
          pairs.rows(sequence, at + t, mine, others);
        }
      }
      progress.at((at + time - from) / (double) (to - from));
    }
  }

  private int chunk() {
    long rows = Math.min(MOST_TOKENS, MOST_LOGITS / model.spec().vocabulary());
    return (int) Math.max(1, rows / state.batch());
  }

  private Buffer forward(int[][] sequences, int at, int time, Trace trace) {
    Buffer logits = model.logits(state.batch(), time);
    model.forward(logits, tokens(sequences, at, time), time, state, trace);
    return logits;
  }

  private int[] tokens(int[][] sequences, int at, int time) {
    int[] tokens = new int[state.batch() * time];
    for (int sequence = 0; sequence < state.batch(); sequence++) {
      System.arraycopy(sequences[sequence], at, tokens, sequence * time, time);
    }
    return tokens;
  }

  /** The same sequence several times. */
  static int[][] repeated(int[] sequence, int times) {
    int[][] sequences = new int[times][];
    Arrays.fill(sequences, sequence);
    return sequences;
  }
}
