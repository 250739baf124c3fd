package rwkv.engine.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
   * The same on one of several devices; its id is this one's with ":" and the number.
   *
   * @param number of the device, from 0
   * @throws IllegalArgumentException if there is no such device, saying which there are
   */
  default Backend on(int number) {
    throw new IllegalArgumentException(
        "backend %s has no devices to choose from, found %1$s:%d".formatted(id(), number));
  }

  /** One for every device; itself where there is nothing to choose, or none that can be used. */
  default List<Backend> devices() {
    return List.of(this);
  }

  /**
   * What is to be known about its device; null for the processor, and where there is none. May take
   * a moment.
   */
  default @Nullable DeviceFacts facts() {
    return null;
  }

  /**
   * Starts it.
   *
   * @param threads how many CPU threads it may use, at least 1
   * @throws IllegalStateException if it is not available
   */
  Kernels open(int threads);
}
