package rwkv.engine.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import rwkv.engine.session.Engine;

/**
 * How long it takes until a model gives something, in seconds.
 *
 * @param load from the moment that its file is opened until its first token can be stepped over:
 *     finding and checking its weights and arranging what needs it
 * @param firstToken from the start of the process to the logits after the first token, of a virtual
 *     machine that has compiled nothing before: what a person waits for who starts the program with
 *     a model
 */
public record Startup(double load, double firstToken) {

  /**
   * To be called when the model has just been opened, before anything is run: steps over a token.
   *
   * @param began {@link System#nanoTime} when opening began
   * @param other what the process did before that has nothing to do with opening a model, such as
   *     drawing random weights; it is not counted
   */
  public static Startup of(Engine engine, long began, Duration other) {
    double load = Decoding.seconds(began);
    engine.session().decode(0);
    double sinceStart = Duration.between(processStart(), Instant.now()).minus(other).toNanos();
    return new Startup(load, sinceStart * 1e-9);
  }

  /** As the operating system knows it, which is before there is a virtual machine. */
  private static Instant processStart() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .orElseGet(() -> Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
  }
}
