package rwkv.engine.session;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.DeviceException;

/**
 * Runs a session on a thread of its own: commands go in, events come out in order, and the newest
 * picture waits in {@link #frames} for whoever looks. Between any two tokens all commands that have
 * arrived are carried out, so a pause is at most one token (or one chunk of a prompt) away.
 */
public final class SessionThread implements AutoCloseable {

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final FrameExchange frames = new FrameExchange();
  private final Runner runner;
  private final Consumer<Event> sink;
  private final Thread thread;
  private final CompletableFuture<Standing> ended = new CompletableFuture<>();
  private volatile boolean closed;

  /**
   * Starts a thread that owns {@code session}.
   *
   * @param endOfText the token that ends a generation, or -1 for none
   * @param sink is told every event, on the session's thread; must not block
   */
  public SessionThread(Session session, int endOfText, Consumer<Event> sink) {
    this(Standing.Prepared.of(session), endOfText, sink);
  }

  /**
   * Starts a thread that goes on where another one's session stood; its text, its decays and what
   * its sampler remembers are kept.
   *
   * @param endOfText the token that ends a generation, or -1 for none
   * @param sink is told every event, on the session's thread; must not block
   */
  public SessionThread(Standing.Prepared prepared, int endOfText, Consumer<Event> sink) {
    this.sink = sink;
    this.runner = new Runner(prepared, endOfText, sink, frames);
    this.thread = Thread.ofPlatform().daemon().name("rwkv-session").unstarted(this::serve);
    thread.start();
  }

  /** Asks for something; returns at once. */
  public void send(Command command) {
    tasks.add(() -> runner.carryOut(command));
  }

  /**
   * Where the session stands, to go on elsewhere: with a copy of the state, or, if its device has
   * failed or the thread has ended, with what is known without the device. May be asked by any
   * thread but the session's own, also after the end; waits for the token being made.
   */
  public Standing standing() {
    CompletableFuture<Standing> now = new CompletableFuture<>();
    tasks.add(() -> {
      try {
        now.complete(runner.standing());
      } catch (RuntimeException | OutOfMemoryError e) {
        now.complete(runner.standingWithoutDevice());
        throw e;
      }
    });
    return (Standing) CompletableFuture.anyOf(now, ended).join();
  }

  /** Where the newest picture waits. */
  public FrameExchange frames() {
    return frames;
  }

  private void serve() {
    try {
      runUntilEnd();
    } finally {
      ended.complete(runner.standingWithoutDevice());
    }
  }

  private void runUntilEnd() {
    while (!closed) {
      try {
        Runnable task = next();
        if (task != null) {
          task.run();
        } else if (!closed) {
          runner.advance();
        }
      } catch (InterruptedException e) {
        return;
      } catch (DeviceException problem) {
        sink.accept(new Event.DeviceFailed(String.valueOf(problem.getMessage()), problem.isLost()));
        if (problem.isLost()) {
          // Nothing can be read from it any more, not even a picture.
          runner.abandon();
          return;
        }
        runner.stop();
      } catch (RuntimeException problem) {
        runner.stop();
        sink.accept(new Event.Failed(String.valueOf(problem.getMessage())));
      } catch (OutOfMemoryError problem) {
        runner.stop();
        sink.accept(new Event.Failed("out of memory: " + problem.getMessage()));
      }
    }
  }

  /** The next task, or null when it is time for the next token. */
  private @Nullable Runnable next() throws InterruptedException {
    if (!runner.busy()) {
      return tasks.take();
    }
    long wait = runner.nanosToNext();
    return wait > 0 ? tasks.poll(wait, TimeUnit.NANOSECONDS) : tasks.poll();
  }

  /** Ends the thread after the token being made, and waits for that. */
  @Override
  public void close() {
    closed = true;
    send(new Command.Pause());
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
