package rwkv.app.probing;

import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.session.Engine;
import rwkv.engine.setting.Choices;
import rwkv.plugin.Findings;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.Tokenizer;

/**
 * What a probe is given.
 *
 * @param subject on whose backend changed models are opened
 */
record RunContext(
    Engine engine,
    Subject subject,
    Choices parameters,
    long seed,
    Progress progress,
    Findings findings)
    implements ProbeContext {

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
    SubjectFacts facts = subject.facts();
    return Engine.open(
        changed, facts.backend(), facts.threads(), engine.options(), _ -> progress.at(0));
  }

  @Override
  public Tokenizer tokenizer() {
    return subject.tokenizer();
  }
}
