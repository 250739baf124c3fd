package rwkv.engine.backend;

/** Whether a backend can be used on this machine: a value, not an exception. */
public sealed interface Availability {

  /**
   * It can be used.
   *
   * @param device what it computes on, for a person, as in "CPU, 2 threads, 256-bit vectors"
   */
  record Available(String device) implements Availability {}

  /**
   * It cannot be used.
   *
   * @param reason why, as in "no NVIDIA driver: libcuda.so.1 not found"
   */
  record Unavailable(String reason) implements Availability {}
}
