package rwkv.app.plugins;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;
import rwkv.plugin.ProbeResult;

/**
 * A plugin's probe. What it says of itself was asked when it was loaded; it runs on a thread of its
 * own, which is left behind if it does not end soon after the run was cancelled.
 */
final class GuardedProbe implements Probe {

  private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final String OCCASION = "while its probe ran";

  private final Probe probe;
  private final Guard guard;
  private final Limits limits;
  private final String id;
  private final String name;
  private final String question;
  private final String method;
  private final List<Setting> parameters;

  /** Asks the probe what it is, which runs its code. */
  GuardedProbe(Probe probe, Guard guard, Limits limits) {
    this.probe = probe;
    this.guard = guard;
    this.limits = limits;
    id = probe.id();
    if (!ID.matcher(id).matches()) {
      throw new PluginFailure(
          "Its probe is called '%s', expected a–z, 0–9 and hyphens."
              .formatted(Words.oneLine(id, 40)));
    }
    name = Objects.requireNonNull(probe.name(), "no name");
    question = Objects.requireNonNull(probe.question(), "no question");
    method = Objects.requireNonNull(probe.method(), "no method");
    parameters = List.copyOf(probe.parameters());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String question() {
    return question;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public List<Setting> parameters() {
    return parameters;
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    try {
      return guard.call(
          "when it was asked about a model",
          limits.answer(),
          () -> probe.unsuitable(model).map(reason -> Words.oneLine(reason, 300)));
    } catch (PluginFailure e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * @throws ProbeException also if the probe does anything that it must not
   */
  @Override
  public ProbeResult run(ProbeContext context) {
    GuardedContext guarded = new GuardedContext(context);
    PluginCall<ProbeResult> call = guard.start(() -> probe.run(guarded));
    try {
      return outcome(call, guarded);
    } catch (PluginFailure e) {
      throw new ProbeException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      call.interrupt();
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  private ProbeResult outcome(PluginCall<ProbeResult> call, GuardedContext context)
      throws InterruptedException {
    try {
      ProbeResult result = await(call, context);
      guard.requireNoThreads(call, OCCASION);
      if (result == null) {
        throw guard.failure("Its probe gave no result.");
      }
      return result;
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      // Being cancelled and not being able to answer are no faults.
      if (cause instanceof CancellationException || cause instanceof ProbeException) {
        guard.requireNoThreads(call, OCCASION);
        throw (RuntimeException) cause;
      }
      throw guard.thrown(call, OCCASION, cause);
    }
  }

  /** Being interrupted is one more way to be asked to end, which is passed on. */
  private ProbeResult await(PluginCall<ProbeResult> call, GuardedContext context)
      throws ExecutionException {
    boolean interrupted = false;
    long end = Long.MAX_VALUE;
    try {
      while (System.nanoTime() < end) {
        try {
          return call.await(LOOK);
        } catch (InterruptedException e) {
          interrupted = true;
          call.interrupt();
        } catch (TimeoutException e) {
          // Asked below whether it should have ended.
        }
        if (end == Long.MAX_VALUE && (interrupted || context.isCancelled())) {
          end = System.nanoTime() + limits.cancel().toNanos();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    call.interrupt();
    guard.failure(
        "It did not end within %s after its run was cancelled."
            .formatted(Guard.seconds(limits.cancel())));
    throw new CancellationException();
  }
}
