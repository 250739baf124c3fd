package rwkv.engine.bench;

import java.util.Random;
import rwkv.engine.session.Session;

/**
 * Decodes tokens drawn at random beforehand and times it; neither sampling nor text is part of the
 * times.
 */
final class Decoding {

  /** Tokens decoded unmeasured before: reading memory has emptied the caches. */
  private static final int SETTLE = 2;

  private final Session session;
  private final int[] tokens;

  Decoding(Session session, int count) {
    this.session = session;
    this.tokens = new Random(1).ints(count, 0, session.model().spec().vocabulary()).toArray();
  }

  Session session() {
    return session;
  }

  /** Decodes all of them, after a few that are not measured; tokens per second. */
  double measure() {
    for (int i = 0; i < SETTLE; i++) {
      session.decode(tokens[i % tokens.length]);
    }
    long begin = System.nanoTime();
    for (int token : tokens) {
      session.decode(token);
    }
    return tokens.length / seconds(begin);
  }

  /** Decodes all of them again and again, for that long, at least once. */
  void warmUp(double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      measure();
    } while (System.nanoTime() < end);
  }

  static double seconds(long begin) {
    return Math.max(1, System.nanoTime() - begin) * 1e-9;
  }
}
