package rwkv.engine.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import rwkv.engine.model.Version;

/**
 * What a model about to be created looks like.
 *
 * @param version 4, 5.0, 5.1, 5.2, 6 or 7
 * @param vocabulary tokens
 * @param layers at least 1
 * @param channels width of the residual, a multiple of {@code headSize}
 * @param headSize key and value dimension of a head; for RWKV-4, which has no heads, {@code
 *     channels}
 * @param ffnChannels width of channel mixing
 * @param ranks of the low-rank projections: {@code w}, {@code a}, {@code v}, {@code g} of RWKV-7,
 *     {@code mix} and {@code w} of RWKV-6, none otherwise
 */
public record ModelPlan(
    Version version,
    int vocabulary,
    int layers,
    int channels,
    int headSize,
    int ffnChannels,
    Map<String, Integer> ranks) {

  /** Tokens of the World vocabulary. */
  public static final int WORLD = 65536;

  /** Of all published models. */
  public static final int HEAD_SIZE = 64;

  private static final List<Version> VERSIONS =
      List.of(Version.V4, Version.V5_0, Version.V5_1, Version.V5_2, Version.V6, Version.V7);

  private static final int MOST_LAYERS = 10_000;
  private static final int MOST_CHANNELS = 1 << 20;

  /** Numbers of a tensor, at most. */
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  /**
   * @throws IllegalArgumentException naming the size that is wrong
   */
  public ModelPlan {
    ranks = Map.copyOf(ranks);
    if (!VERSIONS.contains(version)) {
      throw new IllegalArgumentException(
          version.title() + " cannot be created; versions 4, 5.0, 5.1, 5.2, 6 and 7 can");
    }
    within("vocabulary", vocabulary, Integer.MAX_VALUE);
    within("layers", layers, MOST_LAYERS);
    within("channels", channels, MOST_CHANNELS);
    within("head size", headSize, MOST_CHANNELS);
    within("channel mixing's channels", ffnChannels, Integer.MAX_VALUE);
    if (version == Version.V4 && headSize != channels) {
      throw new IllegalArgumentException(
          "heads of %d for RWKV-4, which has none".formatted(headSize));
    }
    if (channels % headSize != 0) {
      throw new IllegalArgumentException(
          "%d channels are not whole heads of %d".formatted(channels, headSize));
    }
    Set<String> wanted = Ranks.official(version, channels).keySet();
    if (!ranks.keySet().equals(wanted)) {
      throw new IllegalArgumentException(
          "ranks of %s for %s, which has %s"
              .formatted(new TreeMap<>(ranks).keySet(), version.title(), wanted));
    }
    ranks.forEach((name, rank) -> within("rank " + name, rank, MOST_CHANNELS));
    fits("the embedding", vocabulary, channels);
    fits("channel mixing's key", ffnChannels, channels);
    fits("an attention matrix", channels, channels);
    ranks.forEach((name, rank) -> fits("low-rank matrix " + name, 5L * rank, channels));
  }

  private static void within(String what, int size, int most) {
    if (size < 1 || size > most) {
      throw new IllegalArgumentException("%s: %d, expected 1 to %d".formatted(what, size, most));
    }
  }

  private static void fits(String what, long rows, long columns) {
    if (rows * columns > MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "%s would have %d x %d numbers, more than the %d of one tensor"
              .formatted(what, rows, columns, MOST_NUMBERS));
    }
  }

  /**
   * A model with heads of {@value #HEAD_SIZE}, the World vocabulary, and what else the version's
   * official trainer chooses.
   *
   * @throws IllegalArgumentException as the constructor
   */
  public static ModelPlan of(Version version, int layers, int channels) {
    return of(version, layers, channels, HEAD_SIZE);
  }

  /**
   * A model with the World vocabulary and what else the version's official trainer chooses.
   *
   * @param headSize does not matter for RWKV-4
   * @throws IllegalArgumentException as the constructor
   */
  public static ModelPlan of(Version version, int layers, int channels, int headSize) {
    within("channels", channels, MOST_CHANNELS);
    return new ModelPlan(
        version,
        WORLD,
        layers,
        channels,
        version == Version.V4 ? channels : headSize,
        officialFfnChannels(version, channels),
        Ranks.official(version, channels));
  }

  /** Four times the channels; for RWKV-5 and 6 3.5 times, rounded down to whole times 32. */
  private static int officialFfnChannels(Version version, int channels) {
    return switch (version) {
      case V5_0, V5_1, V5_2, V6 -> Math.max(32, channels * 7 / 2 / 32 * 32);
      default -> 4 * channels;
    };
  }

  /**
   * The version of that number, as in {@code 7} or {@code 5.2}; {@code 5} is 5.2.
   *
   * @throws IllegalArgumentException if no model of it can be created
   */
  public static Version version(String number) {
    String wanted = number.equals("5") ? "5.2" : number;
    return VERSIONS.stream()
        .filter(version -> number(version).equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "version '%s', expected 4, 5.0, 5.1, 5.2, 6 or 7".formatted(number)));
  }

  /** A version's number, as in {@code 7} or {@code 5.2}. */
  public static String number(Version version) {
    return version.title().substring("RWKV-".length());
  }

  public ModelPlan withVocabulary(int tokens) {
    return new ModelPlan(version, tokens, layers, channels, headSize, ffnChannels, ranks);
  }

  public ModelPlan withFfnChannels(int width) {
    return new ModelPlan(version, vocabulary, layers, channels, headSize, width, ranks);
  }

  /** With some ranks changed. */
  public ModelPlan withRanks(Map<String, Integer> changed) {
    Map<String, Integer> all = new LinkedHashMap<>(ranks);
    all.putAll(changed);
    return new ModelPlan(version, vocabulary, layers, channels, headSize, ffnChannels, all);
  }

  /** 1 for RWKV-4. */
  public int heads() {
    return channels / headSize;
  }

  /** Which decays it has. */
  public DecayShape decays() {
    return new DecayShape(version, layers, channels, headSize);
  }

  /** The decays that the version's official trainer begins with. */
  public DecayCurve officialDecays() {
    return DecayPreset.official(version).formula().curve(decays());
  }
}
