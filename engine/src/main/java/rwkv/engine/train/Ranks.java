package rwkv.engine.train;

import java.util.LinkedHashMap;
import java.util.Map;
import rwkv.engine.model.Version;

/** Ranks of the low-rank projections of new models, as official trainers choose them. */
final class Ranks {

  private static final int WIDE = 4096;

  private Ranks() {}

  /** By letter, in the order of the tensors. */
  static Map<String, Integer> official(Version version, int channels) {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    switch (version) {
      case V6 -> {
        ranks.put("mix", channels < WIDE ? 32 : 64);
        ranks.put("w", channels < WIDE ? 64 : 128);
      }
      case V7 -> {
        ranks.put("w", seven(2.5, channels));
        ranks.put("a", seven(2.5, channels));
        ranks.put("v", seven(1.7, channels));
        ranks.put("g", seven(5, channels));
      }
      default -> {
        // None have low-rank projections.
      }
    }
    return ranks;
  }

  /** {@code max(32, 32 round(f √C / 32))}, to the even one in the middle. */
  private static int seven(double factor, int channels) {
    return Math.max(32, 32 * (int) Math.rint(factor * Math.sqrt(channels) / 32));
  }
}
