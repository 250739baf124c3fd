package rwkv.engine.session;

import java.util.function.DoubleConsumer;

/** Says when the next token is due, and how fast tokens come. */
final class Pacer {

  private static final double REPORT_NANOS = 250e6;
  private static final double SECOND = 1e9;

  private final DoubleConsumer report;
  private double tokensPerSecond = Double.POSITIVE_INFINITY;
  private long due;
  private long since;
  private int count;

  Pacer(DoubleConsumer report) {
    this.report = report;
  }

  void pace(double wanted) {
    if (!(wanted > 0)) {
      throw new IllegalArgumentException("a pace of " + wanted + " tokens a second");
    }
    tokensPerSecond = wanted;
    due = System.nanoTime();
  }

  /** Generation begins or goes on after a pause. */
  void start() {
    due = System.nanoTime();
    since = due;
    count = 0;
  }

  long nanosToNext() {
    return tokensPerSecond == Double.POSITIVE_INFINITY ? 0 : due - System.nanoTime();
  }

  /** A token was made. A late one does not make the next ones come faster. */
  void made() {
    long now = System.nanoTime();
    if (tokensPerSecond != Double.POSITIVE_INFINITY) {
      due =
          Math.max(due, now - (long) (SECOND / tokensPerSecond))
              + (long) (SECOND / tokensPerSecond);
    }
    count++;
    if (now - since >= REPORT_NANOS) {
      report.accept(count * SECOND / (now - since));
      since = now;
      count = 0;
    }
  }
}
