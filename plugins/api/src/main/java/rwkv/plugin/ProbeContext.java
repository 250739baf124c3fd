package rwkv.plugin;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.setting.Choices;

/** What a probe is given for one run. */
public interface ProbeContext {

  /**
   * The model. Others generate with it meanwhile: each forward pass waits for theirs, so passes
   * should be of a few hundred tokens at most.
   */
  Rwkv model();

  /** A new sequence, before its first token; with {@link Session#trace} its passes are traced. */
  default Session session() {
    return Session.of(model());
  }

  /** The model's tensors as its file has them. */
  Checkpoint checkpoint();

  /**
   * Opens a changed model on the same backend; to be closed by who asked for it.
   *
   * @param changed closed with the model
   * @throws rwkv.engine.checkpoint.CheckpointException if it is no model that can be run
   */
  Engine open(Checkpoint changed);

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** A value for each of {@link Probe#parameters()}, each in its range. */
  Choices parameters();

  /** The seed of all that is random. */
  long seed();

  /**
   * Random numbers that follow from the seed and a name; those of different names have nothing to
   * do with each other.
   */
  default RandomGenerator random(String name) {
    long hash = seed();
    for (int i = 0; i < name.length(); i++) {
      hash = new SplittableRandom(hash + name.charAt(i)).nextLong();
    }
    return new SplittableRandom(hash);
  }

  /**
   * To be told often how far the run has come, from 0 to 1, never less than before, and 1 in the
   * end. It throws {@link java.util.concurrent.CancellationException} when a person cancels; let it
   * pass.
   */
  Progress progress();

  /** The place for rows, charts and figures. */
  Findings findings();
}
