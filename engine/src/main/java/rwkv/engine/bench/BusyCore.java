package rwkv.engine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import rwkv.engine.session.Engine;

/**
 * Decoding while the machine is left to it, and while something else keeps one processor busy, in
 * turns. The something is a thread that only computes; to the operating system it is one as of
 * another program.
 *
 * @param idle tokens per second
 * @param busy tokens per second beside the other thread
 */
public record BusyCore(Samples idle, Samples busy) {

  /** What remains of the speed. */
  public double share() {
    return busy.median() / idle.median();
  }

  /** Measures, as often as the plan repeats. */
  public static BusyCore run(Engine engine, BenchPlan plan) {
    Decoding decoding = new Decoding(engine.session(), plan.decode());
    decoding.warmUp(plan.warmUpSeconds());
    List<Double> idle = new ArrayList<>();
    List<Double> busy = new ArrayList<>();
    for (int repeat = 0; repeat < plan.repeats(); repeat++) {
      idle.add(decoding.measure());
      busy.add(beside(decoding));
    }
    return new BusyCore(new Samples(idle), new Samples(busy));
  }

  private static double beside(Decoding decoding) {
    AtomicBoolean enough = new AtomicBoolean();
    Thread.ofPlatform().daemon().name("rwkv-busy").start(() -> compute(enough));
    try {
      return decoding.measure();
    } finally {
      enough.set(true);
    }
  }

  private static void compute(AtomicBoolean enough) {
    double x = 1;
    while (!enough.get() && x > 0) {
      for (int i = 0; i < 1000; i++) {
        x = Math.fma(x, 0.999, 0.001);
      }
    }
  }
}
