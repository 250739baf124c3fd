package rwkv.engine.session;

import rwkv.engine.model.StateSnapshot;

/**
 * What a {@link SessionThread} reports. Events are never lost or reordered; pictures travel
 * separately, see {@link Frame}.
 */
public sealed interface Event {

  /**
   * A token has been read or made, and the state is now after it.
   *
   * @param position of the token in the sequence, from 0
   * @param token its id
   * @param drawn whether the model's distribution was sampled for it; false for a prompt token
   * @param prediction the model's own probabilities for this position before the token was known
   *     (temperature 1, no truncation); of length 0 for the first token
   * @param dynamics RMS and change of every head's state after this token, if watched
   */
  record Token(int position, int token, boolean drawn, Prediction prediction, Dynamics dynamics)
      implements Event {}

  /**
   * What a model expected at a position.
   *
   * @param probability of the token that came; NaN where nothing was predicted
   * @param topTokens the likeliest tokens, likeliest first, at most ten
   * @param topProbabilities theirs
   */
  record Prediction(float probability, int[] topTokens, float[] topProbabilities) {
    /** Nothing was predicted. */
    public static final Prediction NONE = new Prediction(Float.NaN, new int[0], new float[0]);
  }

  /**
   * Size and movement of every head's WKV state.
   *
   * @param rms √(mean of squares) of the state, at {@code layer * heads + head}; empty if not
   *     watched
   * @param change ‖S_t − S_{t−1}‖_F / ‖S_t‖_F, likewise; 0 for an empty state
   */
  record Dynamics(float[] rms, float[] change) {
    /** Nobody watched. */
    public static final Dynamics NONE = new Dynamics(new float[0], new float[0]);
  }

  /**
   * What the thread is doing has changed.
   *
   * @param position tokens in the state
   * @param end why a generation ended, for {@link Activity#IDLE}
   */
  record Status(Activity activity, int position, End end) implements Event {}

  /** What a {@link SessionThread} does. */
  enum Activity {
    IDLE,
    READING,
    GENERATING
  }

  /** Why it is idle. */
  enum End {
    /** Nothing was going on. */
    NONE,
    /** It was paused. */
    PAUSED,
    /** As many tokens were made as were asked for. */
    ENOUGH,
    /** The end of the text was drawn. */
    END_OF_TEXT,
    /** A {@link StopRule} ended it. */
    STOPPED
  }

  /**
   * The state was set anew: to the initial state, or to another one.
   *
   * @param state what it is now
   */
  record Restarted(StateSnapshot state) implements Event {}

  /**
   * The last tokens were taken back: the state is again what it was before them.
   *
   * @param position tokens in the state; tokens at this position and after do not count any more
   */
  record Returned(int position) implements Event {}

  /**
   * How fast tokens are being made: sent a few times a second while generating.
   *
   * @param tokensPerSecond over the last half second or so
   */
  record Speed(double tokensPerSecond) implements Event {}

  /**
   * A command could not be carried out; the session goes on from its last state.
   *
   * @param message one sentence for a person
   */
  record Failed(String message) implements Event {}

  /**
   * The session's device has refused or failed. If it is lost, the session has ended and {@link
   * SessionThread#standing} tells where; else it goes on from its last state.
   *
   * @param message one sentence for a person, which names the device
   * @param isLost whether nothing that the device holds can be had any more
   */
  record DeviceFailed(String message, boolean isLost) implements Event {}
}
