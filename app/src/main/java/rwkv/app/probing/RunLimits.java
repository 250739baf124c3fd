package rwkv.app.probing;

import java.time.Duration;

/**
 * How long a probe may take to end.
 *
 * @param cancel once it was cancelled, before it is left behind
 * @param threads that it started, once it has ended, before they are named
 */
public record RunLimits(Duration cancel, Duration threads) {
  /** For people at work. */
  public static final RunLimits USUAL = new RunLimits(Duration.ofSeconds(5), Duration.ofSeconds(2));
}
