package rwkv.app.plugins;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Calls a plugin's code so that no failure of it is anybody else's. */
final class Guard {

  private final String plugin;
  private final ClassLoader loader;
  private final Consumer<String> failed;

  /**
   * @param failed is told what the plugin did wrong, in a sentence
   */
  Guard(String plugin, ClassLoader loader, Consumer<String> failed) {
    this.plugin = plugin;
    this.loader = loader;
    this.failed = failed;
  }

  String plugin() {
    return plugin;
  }

  /** Begins to run some of its code. */
  <T> PluginCall<T> start(Callable<T> work) {
    return new PluginCall<>(plugin, loader, work);
  }

  /**
   * What some of its code gives.
   *
   * @param occasion as in {@code while it was loaded}
   * @param most time for it
   * @throws PluginFailure if it throws, takes longer or leaves threads behind; it is set aside then
   */
  <T> T call(String occasion, Duration most, Callable<T> work) {
    PluginCall<T> call = start(work);
    try {
      T result = call.await(most);
      requireNoThreads(call, occasion);
      return result;
    } catch (TimeoutException e) {
      call.interrupt();
      throw failure("It did not come back within %s %s.".formatted(seconds(most), occasion));
    } catch (ExecutionException e) {
      throw thrown(call, occasion, Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      call.interrupt();
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  /**
   * @throws PluginFailure if threads go on that the code has started
   */
  void requireNoThreads(PluginCall<?> call, String occasion) throws InterruptedException {
    var left = call.leftThread();
    if (left.isPresent()) {
      call.interrupt();
      String thread = Words.oneLine(left.get(), 60);
      throw failure("It left the thread '%s' running %s.".formatted(thread, occasion));
    }
  }

  /** Tells of something that it threw. */
  PluginFailure thrown(PluginCall<?> call, String occasion, Throwable cause) {
    call.interrupt();
    if (cause instanceof PluginFailure known) {
      return failure(String.valueOf(known.getMessage()));
    }
    return failure("It failed %s: %s".formatted(occasion, words(cause)));
  }

  /** Tells what it did wrong. */
  PluginFailure failure(String sentence) {
    failed.accept(sentence);
    return new PluginFailure("Plugin %s is set aside. %s".formatted(plugin, sentence));
  }

  /** A failure's own words may fail too. */
  private static String words(Throwable cause) {
    try {
      return Words.failure(cause);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return cause.getClass().getName() + ".";
    }
  }

  static String seconds(Duration time) {
    return time.toMillis() < 1500 ? "a second" : Math.round(time.toMillis() / 1e3) + " seconds";
  }
}
