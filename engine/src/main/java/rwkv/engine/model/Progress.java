package rwkv.engine.model;

/** Is told how far a long work has come, and may end it. */
@FunctionalInterface
public interface Progress {

  /** Does not care. */
  Progress NONE = _ -> {};

  /**
   * @param done 0 to 1
   * @throws java.util.concurrent.CancellationException to end the work
   */
  void at(double done);
}
