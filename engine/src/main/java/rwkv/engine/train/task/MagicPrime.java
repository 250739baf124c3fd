package rwkv.engine.train.task;

/**
 * The order in which official trainers take the windows of a text: {@code ⌊p (√5 − 1) / 2⌋ i³ mod
 * p}, which takes each of p windows once where p is a prime of the form 3n + 2.
 */
final class MagicPrime {

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private MagicPrime() {}

  /** The largest prime of that form that is at most {@code windows}; 1 where there is none. */
  static long atMost(long windows) {
    for (long p = windows; p > 1; p--) {
      if (p % 3 == 2 && isPrime(p)) {
        return p;
      }
    }
    return 1;
  }

  private static boolean isPrime(long n) {
    for (long d = 2; d * d <= n; d++) {
      if (n % d == 0) {
        return false;
      }
    }
    return true;
  }

  /** The window for a sample, below {@code p}; each once in p samples that follow each other. */
  static long shuffled(long sample, long p) {
    long i = Math.floorMod(sample, p);
    long factor = Math.max(1, (long) (p * GOLDEN));
    return i * i % p * i % p * factor % p;
  }
}
