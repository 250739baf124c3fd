package rwkv.engine.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.Progress;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.trace.Trace;

/**
 * Where a session stood that a {@link SessionThread} ran: all that another one needs to go on with
 * the same text, on whatever device. It holds nothing of the old device.
 */
public final class Standing {

  private final Session.Kept text;
  private final StateSnapshot initial;
  private final Sampler sampler;
  private final StopGuard guard;

  /** The last decays; null where they have to be computed again. */
  private final @Nullable DecayWindow decays;

  Standing(
      Session.Kept text,
      StateSnapshot initial,
      Sampler sampler,
      StopGuard guard,
      @Nullable DecayWindow decays) {
    this.text = text;
    this.initial = initial;
    this.sampler = sampler;
    this.guard = guard;
    this.decays = decays;
  }

  /** The text as far as it had come. */
  public Session.Kept text() {
    return text;
  }

  /** What a text begins with after {@link Command.Reset}. */
  public StateSnapshot initial() {
    return initial;
  }

  /**
   * Brings a session to where this one stood; tokens that the state does not hold are read again.
   * Takes as long as that.
   *
   * @param session of a model of the same shape; the caller's thread uses it meanwhile
   * @param progress may end it with a {@link java.util.concurrent.CancellationException}
   * @throws IllegalArgumentException if it is of a model of another shape
   */
  public Prepared prepare(Session session, Progress progress) {
    progress.at(0);
    var spec = session.model().spec();
    DecayWindow window =
        decays == null ? new DecayWindow(spec.layers(), spec.channels()) : decays.copy();
    session.initial(initial);
    // Only the last decays are ever looked at: the rest is read without a trace.
    int[] since = text.since();
    int plain = Math.max(0, since.length - DecayWindow.TOKENS);
    session.resume(
        new Session.Kept(text.state(), text.tokens(), text.logits(), Arrays.copyOf(since, plain)),
        done -> progress.at(done * plain / since.length));
    if (plain < since.length) {
      session.trace(window);
      int[] rest = Arrays.copyOfRange(since, plain, since.length);
      session.prefill(rest, DecayWindow.TOKENS, Progress.NONE);
      session.trace(Trace.OFF);
    }
    progress.at(1);
    return new Prepared(session, window, sampler.with(sampler.settings()), guard.on(session));
  }

  /** A session that stands where another one stood, before a thread runs it. */
  public static final class Prepared {

    private final Session session;
    private final DecayWindow decays;
    private final Sampler sampler;
    private final StopGuard guard;

    Prepared(Session session, DecayWindow decays, Sampler sampler, StopGuard guard) {
      this.session = session;
      this.decays = decays;
      this.sampler = sampler;
      this.guard = guard;
    }

    /** A session as it is, with nothing behind it. */
    static Prepared of(Session session) {
      var spec = session.model().spec();
      return new Prepared(
          session,
          new DecayWindow(spec.layers(), spec.channels()),
          new Sampler(SamplerSettings.DEFAULT),
          new StopGuard(session, StopRule.NONE));
    }

    Session session() {
      return session;
    }

    DecayWindow decays() {
      return decays;
    }

    StopGuard guard() {
      return guard;
    }

    Sampler sampler() {
      return sampler;
    }
  }
}
