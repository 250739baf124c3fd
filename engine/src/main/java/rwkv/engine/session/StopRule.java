package rwkv.engine.session;

/**
 * Decides, token by token, where a generation ends. Tokens at its end may be taken back, so that
 * the state holds exactly what counts: a stop sequence is often known to be one only when its last
 * token is drawn, and by then its first ones are in the state.
 *
 * <p>A rule remembers what it has seen: each generation needs its own, and a generation that goes
 * on after a pause needs the same again. Used by one thread at a time.
 */
@FunctionalInterface
public interface StopRule {

  /** Ends nothing. */
  StopRule NONE = _ -> new Verdict.GoesOn(0);

  /**
   * Looks at a token that has been drawn and not been read yet.
   *
   * @return whether it is to be read
   */
  Verdict next(int token);

  /** What a rule says of a token. */
  sealed interface Verdict {

    /**
     * The token is read.
     *
     * @param held how many of the last tokens, this one included, may yet have to be taken back; at
     *     most one more than before
     */
    record GoesOn(int held) implements Verdict {}

    /**
     * The generation ends here, and this token is not read.
     *
     * @param tokens how many of the last tokens do not count, this one included: at least 1
     * @param instead tokens to be read in their place, where a part of the first does count
     */
    record Stops(int tokens, int[] instead) implements Verdict {}
  }
}
