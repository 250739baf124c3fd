package rwkv.app.plugins;

import java.time.Duration;

/**
 * How long a plugin may take.
 *
 * @param load to be loaded and to say what it is
 * @param answer to a short question
 * @param create to make a tokenizer
 * @param cancel to end once a run is cancelled; less than who runs it waits, so that it is known
 */
public record Limits(Duration load, Duration answer, Duration create, Duration cancel) {

  /** For people at work. */
  public static final Limits USUAL =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          Duration.ofSeconds(4));
}
