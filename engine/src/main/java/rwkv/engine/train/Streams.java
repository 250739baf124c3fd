package rwkv.engine.train;

import java.util.SplittableRandom;

/** Random numbers by a seed and a name, so that neither order nor threads matter. */
final class Streams {

  private static final long FNV_START = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Streams() {}

  /** The stream of that name; those of other names and seeds are unrelated to it. */
  static SplittableRandom of(long seed, String name) {
    long hash = FNV_START;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * FNV_PRIME;
    }
    return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ hash);
  }
}
