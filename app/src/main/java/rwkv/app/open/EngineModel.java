package rwkv.app.open;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rwkv.app.device.DeviceUse;
import rwkv.app.message.Sentence;
import rwkv.app.probing.Subject;
import rwkv.app.probing.SubjectFacts;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.DeviceFacts;
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
import rwkv.engine.session.Standing;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.CheckpointDecays;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;
import rwkv.engine.verify.Report;
import rwkv.engine.verify.SelfTest;

/** A model of the engine. */
final class EngineModel implements OpenModel {

  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration READERS = Duration.ofSeconds(20);
  private static final Logger LOG = System.getLogger("rwkv.workbench");

  private final Engine engine;
  private final Backend backend;
  private final @Nullable DecayCurve other;

  /** Read-held by whatever reads the mapped file beside the sessions, write-held to close it. */
  private final ReadWriteLock mapped = new ReentrantReadWriteLock();

  private volatile boolean closing;

  /** Whether tokens have been asked for, which warm the kernels up themselves. */
  private volatile boolean used;

  /** Where the next session begins, if not with an empty text. */
  private final AtomicReference<Standing.@Nullable Prepared> prepared = new AtomicReference<>();

  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param backend that the engine was opened on
   */
  EngineModel(Engine engine, Backend backend) {
    this(engine, backend, null);
  }

  private EngineModel(Engine engine, Backend backend, @Nullable DecayCurve other) {
    this.engine = engine;
    this.backend = backend;
    this.other = other;
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
    return OpenModel.super.name() + (other == null ? "" : " (other decays)");
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
  public String backend() {
    return backend.id();
  }

  @Override
  public DeviceUse deviceUse() {
    DeviceFacts facts = null;
    String trouble = "";
    try {
      facts = backend.facts();
    } catch (IllegalStateException e) {
      trouble = Sentence.of(e);
    }
    return new DeviceUse(backend.id(), device(), facts, engine.heldBytes(), trouble);
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
    Standing.Prepared there = prepared.getAndSet(null);
    return new Port(
        there == null
            ? new SessionThread(engine.session(), endOfText, sink)
            : new SessionThread(there, endOfText, sink),
        this);
  }

  @Override
  public void goOn(Standing from, Progress progress) {
    used = true;
    prepared.set(read(untilClosed -> from.prepare(engine.session(), untilClosed), progress));
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
  public Subject subject(TokenizerChoice tokenizer) {
    SubjectFacts facts =
        Subject.facts(
            engine,
            name(),
            other != null,
            backend.id(),
            Engine.defaultThreads(),
            tokenizer.offer().provider(),
            tokenizer.offer().vocabulary().orElse(null));
    return new Subject(facts, tokenizer.tokenizer(), new ReadHeld());
  }

  /** Keeps the model open as every reader does. */
  private final class ReadHeld implements Subject.Use {
    @Override
    public <T> T with(BiFunction<Engine, Progress, T> work, Progress progress) {
      used = true;
      return read(untilClosed -> work.apply(engine, untilClosed), progress);
    }
  }

  @Override
  public DecayCurve decays(Progress progress) {
    return read(
        _ -> CheckpointDecays.read(engine.checkpoint(), DecayShape.of(engine.spec())), progress);
  }

  @Override
  public @Nullable DecayCurve otherDecays() {
    return other;
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
        Engine.open(changed, backend.id(), threads, engine.options(), progress),
        backend,
        isOther ? decays : null);
  }

  private void refuseClosing() {
    if (closing) {
      throw new CancellationException();
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    closing = true;
    if (readersHaveEnded()) {
      try {
        engine.close();
      } finally {
        mapped.writeLock().unlock();
      }
    } else {
      // A plugin that hangs: its thread would crash the program in memory that is gone.
      LOG.log(Level.WARNING, "the memory of {0} is not given back: it is still in use", file());
    }
  }

  /** Waits for all that read the model; the lock is held if they have ended. */
  private boolean readersHaveEnded() {
    long until = System.nanoTime() + READERS.toNanos();
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return mapped
              .writeLock()
              .tryLock(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
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
    public Standing standing() {
      return thread.standing();
    }

    @Override
    public void close() {
      thread.close();
    }
  }
}
