package rwkv.engine.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;

/**
 * What a token costs early and late in a text: its time and the memory that the process occupies
 * then.
 *
 * @param points after 100 tokens, ten times as many, and so on, and at the end
 */
public record ConstantCost(List<Point> points) {

  private static final int FIRST = 100;
  private static final int WINDOW = 1000;
  private static final long SEED = 1;

  public ConstantCost {
    points = List.copyOf(points);
  }

  /**
   * One place in the text.
   *
   * @param tokens decoded until there
   * @param tokensPerSecond by the median time of the last tokens before it: at most 1000, at most
   *     half of all
   * @param residentBytes what the process occupied there, where known
   */
  public record Point(int tokens, double tokensPerSecond, OptionalLong residentBytes) {}

  /**
   * Decodes a text of random tokens.
   *
   * @param tokens how many, at least 1
   */
  public static ConstantCost run(Engine engine, int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("a text of " + tokens + " tokens, at least 1");
    }
    new Decoding(engine.session(), Math.min(tokens, FIRST)).warmUp(1);
    Session session = engine.session();
    SplittableRandom random = new SplittableRandom(SEED);
    int vocabulary = engine.spec().vocabulary();
    List<Point> points = new ArrayList<>();
    long[] last = new long[WINDOW];
    int next = Math.min(FIRST, tokens);
    for (int done = 1; done <= tokens; done++) {
      int token = random.nextInt(vocabulary);
      long begin = System.nanoTime();
      session.decode(token);
      last[done % WINDOW] = System.nanoTime() - begin;
      if (done == next) {
        points.add(new Point(done, speed(last, done), SystemMemory.resident()));
        next = (int) Math.min(10L * next, tokens);
      }
    }
    return new ConstantCost(points);
  }

  /** By the median of the newest times. */
  private static double speed(long[] times, int done) {
    long[] newest = new long[Math.clamp(done / 2, 1, WINDOW)];
    for (int i = 0; i < newest.length; i++) {
      newest[i] = times[(done - i) % WINDOW];
    }
    Arrays.sort(newest);
    return 1e9 / Math.max(1, newest[newest.length / 2]);
  }
}
