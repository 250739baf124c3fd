package rwkv.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * What may be chosen when a model is loaded.
 *
 * @param groupNormEps epsilon of RWKV-5's group norm, or null for the official 64e-5; some programs
 *     compute with 1e-5
 * @param rosaBits channels that make a symbol of RWKV-8's ROSA, 1 or 4, or 0 for what the file says
 */
public record LoadOptions(@Nullable Float groupNormEps, int rosaBits) {

  /** As the official code computes. */
  public static final LoadOptions OFFICIAL = new LoadOptions(null, 0);

  public LoadOptions {
    if (groupNormEps != null && !(groupNormEps > 0 && groupNormEps <= 1)) {
      throw new IllegalArgumentException(
          "the group norm's epsilon is " + groupNormEps + ", it must be above 0 and at most 1");
    }
    if (rosaBits != 0 && rosaBits != 1 && rosaBits != 4) {
      throw new IllegalArgumentException(
          rosaBits + " channels make a symbol of ROSA, it must be 1 or 4");
    }
  }

  /** What the file says of ROSA. */
  public LoadOptions(@Nullable Float groupNormEps) {
    this(groupNormEps, 0);
  }

  /** With another epsilon for RWKV-5's group norm. */
  public static LoadOptions groupNormEps(float eps) {
    return new LoadOptions(eps, 0);
  }

  /** With so many channels for a symbol of ROSA, 1 or 4. */
  public static LoadOptions rosaBits(int bits) {
    return new LoadOptions(null, bits);
  }
}
