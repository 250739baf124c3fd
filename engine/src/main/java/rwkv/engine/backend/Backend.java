package rwkv.engine.backend;

/**
 * A way of computing on this machine. Found by {@link java.util.ServiceLoader}; see {@link
 * Backends}.
 */
public interface Backend {

  /** A short identifier that settings and commands use, as in "cpu". */
  String id();

  /** Larger is preferred by "auto"; below 0 it is only used when asked for by its id. */
  int preference();

  /** Whether it can be used here. Cheap, and never throws. */
  Availability availability();

  /**
   * Starts it.
   *
   * @param threads how many CPU threads it may use, at least 1
   * @throws IllegalStateException if it is not available
   */
  Kernels open(int threads);
}
