package rwkv.engine.bench;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import rwkv.engine.backend.Buffer;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Counts channel mixing's activations that are exactly zero, whose value rows count for nothing.
 */
public final class Zeros {

  private static final int SETTLE = 8;
  private static final long SEED = 2;

  private Zeros() {}

  /**
   * The share of them over all layers of a text of random tokens; empty for models that have no
   * such activation.
   *
   * @param tokens of the text, at least 1
   */
  public static OptionalDouble share(Engine engine, int tokens) {
    Session session = engine.session();
    SplittableRandom random = new SplittableRandom(SEED);
    int vocabulary = engine.spec().vocabulary();
    Counter counter = new Counter();
    for (int i = -SETTLE; i < tokens; i++) {
      session.trace(i < 0 ? Trace.OFF : counter);
      session.decode(random.nextInt(vocabulary));
    }
    return counter.all == 0 ? OptionalDouble.empty() : OptionalDouble.of(counter.sum / counter.all);
  }

  private static final class Counter implements Trace {
    private double sum;
    private int all;

    @Override
    public void at(int layer, Site site, Buffer values) {
      if (site == Site.SKIPPED) {
        for (float share : values.toArray()) {
          sum += share;
          all++;
        }
      }
    }
  }
}
