package rwkv.engine.train;

import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Version;

/**
 * How many decays a model has, and what they mean.
 *
 * @param version one whose decay is a parameter: 4, 5.0, 5.1, 5.2, 6 or 7, or 7 with something
 *     beside it
 * @param layers at least 1
 * @param channels a multiple of {@code headSize}
 * @param headSize key channels of a head; for RWKV-4, which has no heads, {@code channels}
 */
public record DecayShape(Version version, int layers, int channels, int headSize) {

  /**
   * @throws IllegalArgumentException if the version has no decay or a size is impossible
   */
  public DecayShape {
    if (version.decay() == Version.Decay.NONE) {
      throw new IllegalArgumentException(version.title() + " has no decay");
    }
    if (layers < 1 || channels < 1 || headSize < 1 || channels % headSize != 0) {
      throw new IllegalArgumentException(
          "decays of %d layers, %d channels and heads of %d; each must be at least 1, and channels whole heads"
              .formatted(layers, channels, headSize));
    }
  }

  /** The decays of an open model. */
  public static DecayShape of(ModelSpec spec) {
    return new DecayShape(spec.version(), spec.layers(), spec.channels(), spec.headSize());
  }

  public int heads() {
    return channels / headSize;
  }

  /** How many decays a layer has: one for each channel, before version 5.2 one for each head. */
  public int values() {
    return version.decay() == Version.Decay.PER_HEAD ? heads() : channels;
  }

  /** What a raw number means. */
  public DecayScale scale() {
    return DecayScale.of(version);
  }

  /** How deep a layer lies: 0 for the first, 1 for the last; 0 where there is only one. */
  double depth(int layer) {
    return layers == 1 ? 0 : (double) layer / (layers - 1);
  }

  /** As in {@code RWKV-7, 4 layers of 128 channels, heads of 64}. */
  @Override
  public String toString() {
    String sizes = "%s, %d layers of %d channels".formatted(version.title(), layers, channels);
    return version.hasHeads() ? sizes + ", heads of " + headSize : sizes;
  }
}
