package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.Lanes.COUNT;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass of a recurrence of matrices for one head at a time, and the room that it needs,
 * which the next head takes over.
 *
 * <p>A sweep over the tokens keeps the state before every {@link #SEGMENT}th token. The way back
 * takes one segment after another: it works the states inside out again from the one that was kept
 * and goes back through them. Nothing is divided by the decay, so fast decays lose no precision.
 * Every value row of a state [value, key] is a recurrence of its own, forward and backward, so a
 * segment is worked through with {@link #ROWS} rows at a time, whose states stay near.
 *
 * <p>Rows are filled up with zeros to whole vectors; zeros stay zeros in all that is done here. For
 * T tokens and heads of N such channels the room is N²·(⌈T/16⌉ + 1) + 17·4·N numbers for states and
 * a few times 16·N for what goes in and comes out: less than time / 16 + 16 states.
 *
 * @param <J> what a call reads, and where its gradients go
 */
abstract class HeadGradient<J> {

  /** Tokens from one state that is kept to the next. */
  static final int SEGMENT = 16;

  /** Value rows that are worked through together. */
  static final int ROWS = 4;

  /** Where one head of one sequence lies. */
  record Head(int state, int first, int channel, int channels, int time) {

    /** Where the channels of a token begin. */
    int at(int token) {
      return first + token * channels;
    }
  }

  /** Channels of the head. */
  final int size;

  /** The same, filled up to whole vectors: from one row or token to the next. */
  final int stride;

  /** Of one group of rows: before the segment's first token and after each of its tokens. */
  final float[] states;

  /** Of the loss with respect to the state behind the token that the way back has come to. */
  final float[] gradient;

  private float[] kept = {};

  HeadGradient(int size) {
    this.size = size;
    int unit = Math.max(COUNT, ROWS);
    stride = Math.ceilDiv(size, unit) * unit;
    states = new float[(SEGMENT + 1) * ROWS * stride];
    gradient = new float[stride * stride];
  }

  /** Room for what a segment's tokens have in every channel, one after another. */
  final float[] room() {
    return new float[SEGMENT * stride];
  }

  /** Whether states and their gradients lie as [key, value]. */
  abstract boolean keysFirst();

  /** Takes in what the segment's tokens read. */
  abstract void enter(J job, Head head, int from, int tokens);

  /**
   * Steps a group of rows over one token.
   *
   * @param i the first of the rows
   */
  abstract void step(float[] to, int into, float[] state, int at, int t, int i);

  /** Takes {@link #gradient} of a group of rows back through the segment, in {@link #states}. */
  abstract void back(int tokens, int i);

  /** Adds what has been found out about the segment's tokens to the destinations. */
  abstract void leave(J job, Head head, int from, int tokens);

  /** Goes through a head: forward, and all the way back. */
  final void pass(
      J job, Head head, float @Nullable [] dBefore, float @Nullable [] dAfter, float[] before) {
    int segments = Math.ceilDiv(head.time, SEGMENT);
    int room = stride * stride;
    if (kept.length < segments * room) {
      kept = new float[segments * room];
    }
    load(before, head.state, kept);
    for (int s = 0; s + 1 < segments; s++) {
      enter(job, head, s * SEGMENT, SEGMENT);
      sweep(s * room, (s + 1) * room);
    }
    Arrays.fill(gradient, 0);
    if (dAfter != null) {
      load(dAfter, head.state, gradient);
    }
    for (int s = segments - 1; s >= 0; s--) {
      int from = s * SEGMENT;
      int tokens = Math.min(SEGMENT, head.time - from);
      enter(job, head, from, tokens);
      for (int i = 0; i < size; i += ROWS) {
        replay(s * room + i * stride, tokens, i);
        back(tokens, i);
      }
      leave(job, head, from, tokens);
    }
    if (dBefore != null) {
      add(dBefore, head.state);
    }
  }

  private void sweep(int from, int to) {
    for (int i = 0; i < size; i += ROWS) {
      int into = to + i * stride;
      step(kept, into, kept, from + i * stride, 0, i);
      for (int t = 1; t < SEGMENT; t++) {
        step(kept, into, kept, into, t, i);
      }
    }
  }

  private void replay(int from, int tokens, int i) {
    int rows = ROWS * stride;
    System.arraycopy(kept, from, states, 0, rows);
    for (int t = 0; t < tokens; t++) {
      step(states, (t + 1) * rows, states, t * rows, t, i);
    }
  }

  private void load(float[] from, int at, float[] to) {
    Arrays.fill(to, 0, stride * stride, 0);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        to[i * stride + j] = from[at + stored(i, j)];
      }
    }
  }

  private void add(float[] to, int at) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        to[at + stored(i, j)] += gradient[i * stride + j];
      }
    }
  }

  private int stored(int value, int key) {
    return keysFirst() ? key * size + value : value * size + key;
  }

  /** Copies the channels of a segment's tokens; zeros where there are none to copy. */
  final void take(float[] to, float @Nullable [] from, int at, int channels, int tokens) {
    for (int t = 0; t < tokens; t++) {
      if (from == null) {
        Arrays.fill(to, t * stride, t * stride + size, 0);
      } else {
        System.arraycopy(from, at + t * channels, to, t * stride, size);
      }
    }
  }

  /** Adds the channels of a segment's tokens where they are wanted. */
  final void give(float @Nullable [] to, Head head, int from, float[] sums, int tokens) {
    if (to == null) {
      return;
    }
    for (int t = 0; t < tokens; t++) {
      int at = head.at(from + t);
      for (int c = 0; c < size; c++) {
        to[at + c] += sums[t * stride + c];
      }
    }
  }
}
