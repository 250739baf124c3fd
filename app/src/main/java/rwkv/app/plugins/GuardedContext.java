package rwkv.app.plugins;

import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.setting.Choices;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.Tokenizer;

/** The context of a run, which knows whether the run has been cancelled. */
final class GuardedContext implements ProbeContext {

  private final ProbeContext context;
  private final Object lock = new Object();
  private double reached;
  private boolean cancelled;

  GuardedContext(ProbeContext context) {
    this.context = context;
  }

  @Override
  public Progress progress() {
    return this::at;
  }

  private void at(double done) {
    synchronized (lock) {
      reached = done;
      requireWanted();
    }
  }

  /** Whether a person has cancelled, even if the probe does not ask. */
  boolean isCancelled() {
    synchronized (lock) {
      try {
        requireWanted();
        return false;
      } catch (CancellationException e) {
        return true;
      }
    }
  }

  private void requireWanted() {
    if (cancelled) {
      throw new CancellationException();
    }
    try {
      context.progress().at(reached);
    } catch (CancellationException e) {
      cancelled = true;
      throw e;
    }
  }

  @Override
  public Rwkv model() {
    return context.model();
  }

  @Override
  public Session session() {
    return context.session();
  }

  @Override
  public Checkpoint checkpoint() {
    return context.checkpoint();
  }

  @Override
  public Engine open(Checkpoint changed) {
    return context.open(changed);
  }

  @Override
  public Tokenizer tokenizer() {
    return context.tokenizer();
  }

  @Override
  public Choices parameters() {
    return context.parameters();
  }

  @Override
  public long seed() {
    return context.seed();
  }

  @Override
  public RandomGenerator random(String name) {
    return context.random(name);
  }

  @Override
  public Findings findings() {
    return context.findings();
  }
}
