package rwkv.app.probing;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.setting.Choices;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;

/**
 * A run that has been started. Whatever the probe does, the run ends: it is survived when it
 * throws, and left behind when it goes on after it was cancelled. May be used by any thread.
 */
public final class RunningProbe {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ProbeEntry probe;
  private final Subject subject;
  private final Choices parameters;
  private final long seed;
  private final Runnable changed;
  private final String program;
  private final RunLimits limits;

  private final Instant started = Instant.now();
  private final long begin = System.nanoTime();
  private final String id;
  private final RunThreads threads;
  private final Findings findings = new Findings(this::tell);
  private final AtomicBoolean told = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);
  private final RunProgress progress = new RunProgress(this::tell);
  private volatile String sha256 = "";
  private volatile @Nullable ProbeRun last;

  RunningProbe(
      ProbeEntry probe,
      Subject subject,
      Choices parameters,
      long seed,
      Runnable changed,
      String program,
      RunLimits limits) {
    this.probe = probe;
    this.subject = subject;
    this.parameters = parameters;
    this.seed = seed;
    this.changed = changed;
    this.program = program;
    this.limits = limits;
    this.id =
        "%s-%s-%s"
            .formatted(
                probe.id(), STAMP.format(started), UUID.randomUUID().toString().substring(0, 4));
    this.threads = new RunThreads("probe " + probe.id());
  }

  void start() {
    threads.start(this::run);
  }

  /** All that is there now, copied. */
  public ProbeRun snapshot() {
    told.set(false);
    ProbeRun end = last;
    return end != null ? end : at(RunState.RUNNING, "", findings.result(""));
  }

  /** How far it has come, 0 to 1. */
  public double done() {
    return progress.done();
  }

  /** Whether the model's file is being read, to know it again; the probe comes after that. */
  public boolean isReading() {
    return sha256.isEmpty() && !isOver();
  }

  /** How much longer it will take, if it goes on as it did. */
  public Optional<Duration> left() {
    return isOver() ? Optional.of(Duration.ZERO) : progress.left();
  }

  public boolean isOver() {
    return last != null;
  }

  /** Ends it soon; what is there is kept. */
  public void cancel() {
    if (progress.cancel()) {
      Thread.ofPlatform().daemon().name("cancels " + probe.id()).start(this::leaveBehind);
    }
  }

  /**
   * Waits for its end.
   *
   * @param most time to wait
   * @return all that it found; empty if it goes on
   */
  public Optional<ProbeRun> await(Duration most) throws InterruptedException {
    over.await(most.toNanos(), TimeUnit.NANOSECONDS);
    return Optional.ofNullable(last);
  }

  /**
   * Whether it will never touch the model again, which may be some time after its end, or never.
   *
   * @param most time to wait for that
   */
  public boolean hasReleased(Duration most) {
    return threads.awaitAll(most);
  }

  /** Asks it twice to end, then no more. */
  private void leaveBehind() {
    Duration half = limits.cancel().dividedBy(2);
    try {
      if (await(half).isPresent()) {
        return;
      }
      threads.interrupt();
      if (await(half).isEmpty()) {
        String problem = ProbeFailure.hangs(probe.id(), limits.cancel());
        end(RunState.CANCELLED, problem, findings.result(""));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      subject.use(this::ask, progress);
    } catch (Throwable failure) {
      // The model was closed before the probe was asked, or the probe's failure is too bad.
      end(failure, "");
      if (isFatal(failure)) {
        throw failure;
      }
    }
  }

  /** The model must stay open as long as any thread of the probe may touch it. */
  private boolean ask(Engine engine, Progress untilClosed) {
    ProbeResult result = null;
    Throwable failure = null;
    try {
      result = answer(engine, untilClosed);
    } catch (Throwable e) {
      failure = e;
    }
    String left =
        threads
            .awaitOthers(limits.threads())
            .map(thread -> ProbeFailure.left(probe.id(), thread))
            .orElse("");
    if (result != null) {
      end(RunState.DONE, left, result);
    } else if (failure != null) {
      end(failure, left);
    }
    threads.awaitOthers();
    if (failure instanceof VirtualMachineError fatal && isFatal(fatal)) {
      throw fatal;
    }
    return true;
  }

  private static boolean isFatal(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  private ProbeResult answer(Engine engine, Progress untilClosed) {
    progress.during(untilClosed);
    sha256 = subject.sha256(engine, progress::probe);
    progress.begin();
    Optional<String> unsuitable = probe.probe().unsuitable(engine.spec());
    if (unsuitable.isPresent()) {
      throw new ProbeException(unsuitable.get());
    }
    ProbeResult result =
        probe
            .probe()
            .run(new RunContext(engine, subject, parameters, seed, progress::probe, findings));
    return ResultCheck.checked(result);
  }

  private void end(Throwable failure, String left) {
    boolean isCancelled = failure instanceof CancellationException && progress.isEnded();
    String problem = isCancelled ? "" : ProbeFailure.sentence(probe.id(), failure);
    end(
        isCancelled ? RunState.CANCELLED : RunState.FAILED,
        (problem + " " + left).strip(),
        findings.result(""));
  }

  private synchronized void end(RunState state, String problem, ProbeResult result) {
    if (last == null) {
      progress.end();
      last = at(state, problem, result);
      over.countDown();
      told.set(false);
      tell();
    }
  }

  private void tell() {
    if (told.compareAndSet(false, true)) {
      changed.run();
    }
  }

  private ProbeRun at(RunState state, String problem, ProbeResult result) {
    return new ProbeRun(
        id,
        new ProbeRun.AskedProbe(probe.id(), probe.name(), probe.origin()),
        subject.facts(),
        sha256,
        program,
        seed,
        parameters.values(),
        started,
        Duration.ofNanos(System.nanoTime() - begin),
        state,
        problem,
        result);
  }
}
