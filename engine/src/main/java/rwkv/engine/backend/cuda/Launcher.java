package rwkv.engine.backend.cuda;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;

/**
 * Writes down a launch, argument by argument in the order of the kernel's parameters, and hands it
 * on. One is used again and again.
 */
final class Launcher {

  /** Threads of a block where nothing speaks for another number. */
  static final int THREADS = 256;

  private static final int MOST_ARGUMENTS = 32;

  private final Commands commands;
  private final long[] arguments = new long[MOST_ARGUMENTS];
  private String kernel = "";
  private int count;

  Launcher(Commands commands) {
    this.commands = commands;
  }

  /** Begins a launch. */
  Launcher of(String name) {
    kernel = name;
    count = 0;
    return this;
  }

  /** Numbers; a null pointer for null. */
  Launcher with(@Nullable Buffer buffer) {
    return at(buffer == null ? 0 : ((CudaBuffer) buffer).address());
  }

  /** An address. */
  Launcher at(long address) {
    arguments[count++] = address;
    return this;
  }

  Launcher with(int number) {
    arguments[count++] = number & 0xffffffffL;
    return this;
  }

  Launcher with(float number) {
    return with(Float.floatToRawIntBits(number));
  }

  /** Runs it with a thread for each of {@code n} numbers. */
  void each(int n) {
    over((n - 1) / THREADS + 1, 1, THREADS);
  }

  /** Runs it over {@code columns x rows} blocks. */
  void over(int columns, int rows, int threads) {
    commands.add(new Launch(kernel, columns, rows, threads, Arrays.copyOf(arguments, count)));
  }
}
