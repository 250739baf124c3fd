package rwkv.engine.session;

import java.util.concurrent.BlockingQueue;
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

  private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
  private final FrameExchange frames = new FrameExchange();
  private final Runner runner;
  private final Consumer<Event> sink;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts a thread that owns {@code session}.
   *
   * @param endOfText the token that ends a generation, or -1 for none
   * @param sink is told every event, on the session's thread; must not block
   */
  public SessionThread(Session session, int endOfText, Consumer<Event> sink) {
    this.sink = sink;
    this.runner = new Runner(session, endOfText, sink, frames);
    this.thread = Thread.ofPlatform().daemon().name("rwkv-session").unstarted(this::serve);
    thread.start();
  }

  /** Asks for something; returns at once. */
  public void send(Command command) {
    commands.add(command);
  }

  /** Where the newest picture waits. */
  public FrameExchange frames() {
    return frames;
  }

  private void serve() {
    while (!closed) {
      try {
        Command command = next();
        if (command != null) {
          runner.carryOut(command);
        } else if (!closed) {
          runner.advance();
        }
      } catch (InterruptedException e) {
        return;
      } catch (DeviceException problem) {
        sink.accept(new Event.Failed(problem.getMessage() + keeping(problem)));
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

  private static String keeping(DeviceException problem) {
    return problem.isLost() ? "; the text so far is kept, open the model again to go on" : "";
  }

  /** The next command, or null when it is time for the next token. */
  private @Nullable Command next() throws InterruptedException {
    if (!runner.busy()) {
      return commands.take();
    }
    long wait = runner.nanosToNext();
    return wait > 0 ? commands.poll(wait, TimeUnit.NANOSECONDS) : commands.poll();
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
