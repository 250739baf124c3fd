package rwkv.plugin;

import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.session.Engine;
import rwkv.engine.setting.Choices;

/**
 * A run of a probe in a test.
 *
 * @param engine whose model is asked; changed models are opened on the scalar kernels
 */
public record TestRun(
    Engine engine,
    Tokenizer tokenizer,
    Choices parameters,
    long seed,
    Progress progress,
    Findings findings)
    implements ProbeContext {

  /**
   * A run that nobody cancels.
   *
   * @param parameters other than the standards
   */
  public static TestRun of(
      Probe probe, Engine engine, Tokenizer tokenizer, Map<String, ?> parameters, long seed) {
    return new TestRun(
        engine,
        tokenizer,
        Choices.of("probe " + probe.id(), probe.parameters(), parameters),
        seed,
        Progress.NONE,
        new Findings(() -> {}));
  }

  /** The same with somebody who is told, and may cancel. */
  public TestRun toldTo(Progress told) {
    return new TestRun(engine, tokenizer, parameters, seed, told, new Findings(() -> {}));
  }

  @Override
  public Rwkv model() {
    return engine.model();
  }

  @Override
  public Checkpoint checkpoint() {
    return engine.checkpoint();
  }

  @Override
  public Engine open(Checkpoint changed) {
    return SmallModel.open(changed);
  }
}
