package rwkv.app.open;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import rwkv.engine.backend.Backends;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Command;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Event;
import rwkv.engine.session.FrameExchange;
import rwkv.engine.session.Session;
import rwkv.engine.session.SessionThread;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.CheckpointDecays;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;
import rwkv.engine.verify.Report;
import rwkv.engine.verify.SelfTest;

/** A model of the engine. */
final class EngineModel implements OpenModel {

  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private final Engine engine;
  private final String suffix;

  /** Read-held by whatever reads the mapped file beside the sessions, write-held to close it. */
  private final ReadWriteLock mapped = new ReentrantReadWriteLock();

  private volatile boolean closing;

  /** Whether tokens have been asked for, which warm the kernels up themselves. */
  private volatile boolean used;

  EngineModel(Engine engine) {
    this(engine, "");
  }

  private EngineModel(Engine engine, String suffix) {
    this.engine = engine;
    this.suffix = suffix;
  }

  /**
   * Has the kernels compiled, on a thread of its own, until somebody wants tokens or the model is
   * closed; nobody waits for it.
   */
  Thread warmUp() {
    return Thread.ofPlatform()
        .daemon()
        .name("rwkv-warm-up")
        .start(() -> {
          try {
            read(
                untilClosed -> {
                  engine.warmUp(WARM_UP, untilClosed);
                  return true;
                },
                _ -> {
                  if (used) {
                    throw new CancellationException();
                  }
                });
          } catch (CancellationException e) {
            // Closed, or in use.
          }
        });
  }

  @Override
  public String name() {
    return OpenModel.super.name() + suffix;
  }

  @Override
  public Path file() {
    return engine.file();
  }

  @Override
  public long fileBytes() {
    try {
      return engine.fileBytes();
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public String format() {
    return engine.format();
  }

  @Override
  public String device() {
    return engine.device();
  }

  @Override
  public ModelSpec spec() {
    return engine.spec();
  }

  @Override
  public StateSnapshot initial() {
    return engine.model().initial();
  }

  @Override
  public SessionPort start(int endOfText, Consumer<Event> sink) {
    return new Port(new SessionThread(engine.session(), endOfText, sink), this);
  }

  @Override
  public Report selfTest(int tokens, Progress progress) {
    return read(untilClosed -> SelfTest.run(engine, tokens, untilClosed), progress);
  }

  @Override
  public Map<String, Tensor> tensors() {
    return engine.checkpoint().tensors();
  }

  @Override
  public <T> T read(Function<Progress, T> work, Progress progress) {
    mapped.readLock().lock();
    try {
      Progress untilClosed =
          done -> {
            refuseClosing();
            progress.at(done);
          };
      untilClosed.at(0);
      return work.apply(untilClosed);
    } finally {
      mapped.readLock().unlock();
    }
  }

  @Override
  public <T> T compute(BiFunction<Session, Progress, T> work, Progress progress) {
    return read(untilClosed -> work.apply(engine.session(), untilClosed), progress);
  }

  @Override
  public DecayCurve decays(Progress progress) {
    return read(
        _ -> CheckpointDecays.read(engine.checkpoint(), DecayShape.of(engine.spec())), progress);
  }

  @Override
  public OpenModel with(DecayCurve decays, boolean isOther, Progress progress) {
    decays.requireFor(DecayShape.of(engine.spec()));
    Checkpoint file = Checkpoints.open(engine.file());
    Checkpoint changed;
    try {
      changed = CheckpointDecays.replaced(file, decays);
    } catch (RuntimeException | Error failure) {
      file.close();
      throw failure;
    }
    int threads = Engine.defaultThreads();
    return new EngineModel(
        Engine.open(changed, Backends.AUTO, threads, engine.options(), progress),
        isOther ? " (other decays)" : "");
  }

  private void refuseClosing() {
    if (closing) {
      throw new CancellationException();
    }
  }

  @Override
  public void close() {
    closing = true;
    mapped.writeLock().lock();
    try {
      engine.close();
    } finally {
      mapped.writeLock().unlock();
    }
  }

  private record Port(SessionThread thread, EngineModel model) implements SessionPort {

    @Override
    public void send(Command command) {
      switch (command) {
        case Command.Feed _, Command.Generate _, Command.Step _, Command.Again _ ->
            model.used = true;
        default -> {}
      }
      thread.send(command);
    }

    @Override
    public FrameExchange frames() {
      return thread.frames();
    }

    @Override
    public void close() {
      thread.close();
    }
  }
}
