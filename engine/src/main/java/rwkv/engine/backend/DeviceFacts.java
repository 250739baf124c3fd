package rwkv.engine.backend;

/**
 * What is to be known about a device that has memory of its own.
 *
 * @param name as its driver tells it
 * @param driver its version, for a person, as in "CUDA 12.4"
 * @param capability what it can, in the words of its maker, as in "9.0"
 * @param bytes of memory
 * @param freeBytes that nobody uses now
 */
public record DeviceFacts(
    String name, String driver, String capability, long bytes, long freeBytes) {}
