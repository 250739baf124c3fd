package rwkv.engine.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * What it costs to look: decoding without a trace, and with one that copies the states of all heads
 * of all layers at every token, in turns.
 *
 * @param off tokens per second while nobody looks
 * @param states tokens per second while all states are copied
 * @param copiedBytes of states copied at every token
 */
public record TraceCost(Samples off, Samples states, long copiedBytes) {

  private static final Set<Site> STATES =
      Set.of(Site.WKV_STATE, Site.WKV_NUMERATOR, Site.WKV_DENOMINATOR, Site.WKV_EXPONENT);

  /** By which share copying slows decoding down; about zero or below it where that is not seen. */
  public double cost() {
    return 1 - states.median() / off.median();
  }

  /** Measures, as often as the plan repeats. */
  public static TraceCost run(Engine engine, BenchPlan plan) {
    Session session = engine.session();
    Decoding decoding = new Decoding(session, plan.decode());
    Copies copies = new Copies();
    session.trace(copies);
    decoding.warmUp(plan.warmUpSeconds());
    List<Double> off = new ArrayList<>();
    List<Double> states = new ArrayList<>();
    for (int repeat = 0; repeat < plan.repeats(); repeat++) {
      session.trace(Trace.OFF);
      off.add(decoding.measure());
      session.trace(copies);
      states.add(decoding.measure());
    }
    return new TraceCost(new Samples(off), new Samples(states), copies.bytes());
  }

  /** Keeps the newest state of every layer, in arrays that are used again. */
  private static final class Copies implements Trace {

    private record Place(int layer, Site site) {}

    private final Map<Place, float[]> newest = new HashMap<>();

    @Override
    public void at(int layer, Site site, rwkv.engine.backend.Buffer values) {
      if (STATES.contains(site)) {
        float[] copy =
            newest.computeIfAbsent(new Place(layer, site), _ -> new float[values.length()]);
        values.read(0, copy, 0, copy.length);
      }
    }

    long bytes() {
      return newest.values().stream().mapToLong(copy -> (long) copy.length * Float.BYTES).sum();
    }
  }
}
