package rwkv.engine.session;

import rwkv.engine.model.StateSnapshot;
import rwkv.engine.sampling.SamplerSettings;

/** What a {@link SessionThread} can be asked to do. Commands are carried out in order. */
public sealed interface Command {

  /**
   * Reads tokens (a prompt) onto the present state, each reported as an {@link Event.Token}, and
   * goes on without a stop to generate.
   *
   * <p>With a stop rule of its own it begins an answer: penalties start afresh, and {@link Again}
   * comes back to where it began.
   *
   * @param generate tokens at most, as in {@link Generate}; 0 for none
   * @param stop where to end
   */
  record Feed(int[] tokens, int generate, StopRule stop) implements Command {
    public Feed(int[] tokens, int generate) {
      this(tokens, generate, StopRule.NONE);
    }

    public Feed(int[] tokens) {
      this(tokens, 0);
    }
  }

  /**
   * Generates until {@code most} tokens are made, the end of text is drawn, the rule stops it, or
   * {@link Pause}.
   *
   * @param most tokens at most; {@link Integer#MAX_VALUE} for no limit
   * @param stop where to end; the rule of the generation that this one continues
   */
  record Generate(int most, StopRule stop) implements Command {
    public Generate(int most) {
      this(most, StopRule.NONE);
    }
  }

  /**
   * Generates one token.
   *
   * @param stop as in {@link Generate}
   */
  record Step(StopRule stop) implements Command {
    public Step() {
      this(StopRule.NONE);
    }
  }

  /**
   * Goes back to where the last answer began and generates another; what had been read for it is
   * not read again.
   *
   * @param most tokens at most
   * @param stop where to end
   */
  record Again(int most, StopRule stop) implements Command {}

  /** Ends {@link Generate} or {@link Feed} after the token being made; takes effect at once. */
  record Pause() implements Command {}

  /** Back to the state before the first token (or the initial state set last). */
  record Reset() implements Command {}

  /** Another initial state, and a {@link Reset} to it. */
  record Begin(StateSnapshot initial) implements Command {}

  /** How tokens are drawn from now on. */
  record Sample(SamplerSettings settings) implements Command {}

  /**
   * How fast to generate.
   *
   * @param tokensPerSecond at most; {@link Double#POSITIVE_INFINITY} for as fast as possible
   */
  record Pace(double tokensPerSecond) implements Command {}

  /**
   * What pictures are looked at. What nobody looks at is neither traced nor copied.
   *
   * @param states the memory of every head in {@link Frame#state}
   * @param decays decays in {@link Frame}
   * @param dynamics RMS and change of every head's state in every {@link Event.Token}
   * @param layer of the head whose last decays are wanted in full
   * @param head of the head whose last decays are wanted in full
   */
  record Watch(boolean states, boolean decays, boolean dynamics, int layer, int head)
      implements Command {}
}
