package rwkv.engine.bench;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Buffer;

/**
 * Times what is asked of a device until it is done: a number of the result is waited for.
 *
 * @param repeats how often, at least 1
 * @param seconds that a repeat takes about: short things are done several times in it
 */
record Stopwatch(int repeats, double seconds) {

  private static final int MOST = 1000;

  /**
   * Seconds of each repeat for doing it once, after a warm-up.
   *
   * @param result a number of it is read after every repeat
   */
  Samples of(Runnable work, Buffer result) {
    return of(work, result, false);
  }

  /** The same, but a number is read each time, as by somebody who needs it to go on. */
  Samples each(Runnable work, Buffer result) {
    return of(work, result, true);
  }

  private Samples of(Runnable work, Buffer result, boolean each) {
    // The first run makes buffers, the second one what is kept of a sequence that comes again.
    run(work, result, 2, each);
    double once = run(work, result, 1, each);
    int times = (int) Math.clamp(Math.round(seconds / once), 1, MOST);
    run(work, result, times, each);
    List<Double> values = new ArrayList<>();
    for (int repeat = 0; repeat < repeats; repeat++) {
      values.add(run(work, result, times, each) / times);
    }
    return new Samples(values);
  }

  private static double run(Runnable work, Buffer result, int times, boolean each) {
    float[] number = new float[1];
    long begin = System.nanoTime();
    for (int i = 0; i < times; i++) {
      work.run();
      if (each || i == times - 1) {
        result.read(0, number, 0, 1);
      }
    }
    return Decoding.seconds(begin);
  }
}
