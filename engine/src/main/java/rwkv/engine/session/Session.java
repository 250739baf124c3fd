package rwkv.engine.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rwkv.engine.backend.Buffer;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.trace.Trace;

/** One sequence being read and written by a model. Used by one thread at a time. */
public final class Session {

  /** Tokens read at once when nobody says otherwise. */
  public static final int DEFAULT_CHUNK = 128;

  private static final float[] NOTHING = {};

  private final Rwkv model;
  private final State state;
  private final Buffer oneRow;
  private final float[] logits;
  private Trace trace = Trace.OFF;
  private StateSnapshot initial;
  private int position;
  private StateSnapshot base;
  private int baseTokens;
  private float[] baseLogits = NOTHING;
  private final List<int[]> since = new ArrayList<>();

  /**
   * A sequence before its first token, on a model that some {@link Engine} or caller keeps open.
   */
  public static Session of(Rwkv model) {
    return new Session(model);
  }

  Session(Rwkv model) {
    this.model = model;
    this.state = model.state(1);
    this.oneRow = model.logits(1, 1);
    this.logits = new float[model.spec().vocabulary()];
    this.initial = model.initial();
    this.base = initial;
  }

  public Rwkv model() {
    return model;
  }

  /** Tokens in the state. */
  public int position() {
    return position;
  }

  /** Who is told what the coming steps compute; {@link Trace#OFF} for nobody. */
  public void trace(Trace wanted) {
    trace = wanted;
  }

  /**
   * Logits after the last token, {@code [vocabulary]}; the session's own array. Zeros before it.
   */
  public float[] logits() {
    return logits;
  }

  /** Reads or copies parts of the state. */
  public State state() {
    return state;
  }

  /**
   * Steps over one token.
   *
   * @return {@link #logits}
   */
  public float[] decode(int token) {
    model.forward(oneRow, new int[] {token}, 1, state, trace);
    oneRow.read(0, logits, 0, logits.length);
    position++;
    since.add(new int[] {token});
    return logits;
  }

  /**
   * Steps over tokens in chunks; computes what decoding them one by one computes.
   *
   * @param chunk tokens at a time, at least 1
   * @return {@link #logits}
   */
  public float[] prefill(int[] tokens, int chunk, Progress progress) {
    for (int from = 0; from < tokens.length; from += chunk) {
      int time = Math.min(chunk, tokens.length - from);
      int[] part = Arrays.copyOfRange(tokens, from, from + time);
      model.forward(oneRow, part, time, state, trace);
      position += time;
      since.add(part);
      progress.at((double) (from + time) / tokens.length);
    }
    oneRow.read(0, logits, 0, logits.length);
    return logits;
  }

  /**
   * Steps over tokens in one go and gives the logits after each.
   *
   * @return {@code [tokens, vocabulary]}, row-major
   */
  public float[] prefillAll(int[] tokens) {
    Buffer all = model.logits(1, tokens.length);
    model.forward(all, tokens, tokens.length, state, trace);
    position += tokens.length;
    float[] rows = all.toArray();
    System.arraycopy(rows, (tokens.length - 1) * logits.length, logits, 0, logits.length);
    since.add(tokens.clone());
    return rows;
  }

  /** A copy of the state. */
  public StateSnapshot snapshot() {
    return state.snapshot(0);
  }

  /**
   * Takes up a state.
   *
   * @param tokens how many tokens are in it
   * @throws IllegalArgumentException if it is of a model of another shape
   */
  public void restore(StateSnapshot snapshot, int tokens) {
    state.restore(0, snapshot);
    Arrays.fill(logits, 0);
    position = tokens;
    base = snapshot;
    baseTokens = tokens;
    baseLogits = NOTHING;
    since.clear();
  }

  /**
   * Where the session stands, as it can be told without its device: a state from before, and the
   * tokens since. What failed half-way is not in it.
   *
   * @param tokens how many are in {@code state}
   * @param logits after the last of them, {@code [vocabulary]}; empty if nothing predicts there
   * @param since what has been read after them
   */
  public record Kept(StateSnapshot state, int tokens, float[] logits, int[] since) {

    /** Tokens in the state at the end. */
    public int position() {
      return tokens + since.length;
    }
  }

  /** Where it stands, even if its device has failed. */
  public Kept kept() {
    int[] read = since.stream().flatMapToInt(Arrays::stream).toArray();
    return new Kept(base, baseTokens, baseLogits, read);
  }

  /** Where it stands, with a copy of the state as it is now and no token to be read again. */
  public Kept keptNow() {
    return new Kept(snapshot(), position, logits.clone(), new int[0]);
  }

  /**
   * Goes to where another session of this model stood, on whatever device: reads its tokens again.
   *
   * @throws IllegalArgumentException if it is of a model of another shape
   */
  public void resume(Kept kept, Progress progress) {
    back(kept.state, kept.tokens, kept.logits);
    if (kept.since.length > 0) {
      prefill(kept.since, DEFAULT_CHUNK, progress);
    }
  }

  private void back(StateSnapshot snapshot, int tokens, float[] predicted) {
    restore(snapshot, tokens);
    System.arraycopy(predicted, 0, logits, 0, predicted.length);
    baseLogits = predicted;
  }

  /** Where the session stands, to come back to. */
  public Mark mark() {
    return new Mark(snapshot(), logits.clone(), position);
  }

  /**
   * Stands again where it stood at a mark: the same state, the same next token.
   *
   * @param mark of a session of this model
   */
  public void back(Mark mark) {
    back(mark.state, mark.position, mark.logits);
  }

  /** Where a session stood: its state and the logits after its last token. */
  public static final class Mark {
    private final StateSnapshot state;
    private final float[] logits;
    private final int position;

    private Mark(StateSnapshot state, float[] logits, int position) {
      this.state = state;
      this.logits = logits;
      this.position = position;
    }

    /** Tokens in the state. */
    public int position() {
      return position;
    }
  }

  /** Where {@link #reset} goes back to. */
  public StateSnapshot initial() {
    return initial;
  }

  /** Where {@link #reset} goes back to from now on. */
  public void initial(StateSnapshot snapshot) {
    initial = snapshot;
  }

  /** Back to before the first token. */
  public void reset() {
    restore(initial, 0);
  }

  /** Another session that stands where this one stands. */
  public Session fork() {
    Session other = new Session(model);
    other.initial = initial;
    other.back(mark());
    return other;
  }
}
