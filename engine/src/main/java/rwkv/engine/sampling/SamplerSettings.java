package rwkv.engine.sampling;

import java.util.Set;

/**
 * How the next token is drawn. The steps run in this order, as in the official sampler: bans and
 * penalties, softmax, top-k, top-p, min-p, temperature, draw.
 *
 * @param temperature 0 takes the likeliest token; 1 leaves the probabilities as they are
 * @param topK keep only so many of the likeliest tokens; 0 keeps all
 * @param topP keep the likeliest tokens that together reach this probability; 1 keeps all, 0 only
 *     the likeliest
 * @param minP keep only tokens at least this probable relative to the likeliest; 0 keeps all
 * @param presencePenalty subtracted from the logit of every token that has occurred
 * @param frequencyPenalty subtracted once more for every (decayed) occurrence
 * @param penaltyDecay what an occurrence still counts one token later, 0 to 1
 * @param banned tokens never drawn
 * @param seed of the draws: same seed, same text
 */
public record SamplerSettings(
    double temperature,
    int topK,
    double topP,
    double minP,
    double presencePenalty,
    double frequencyPenalty,
    double penaltyDecay,
    Set<Integer> banned,
    long seed) {

  /** Temperature 1, top-p 0.9, nothing else, seed 42. */
  public static final SamplerSettings DEFAULT =
      new SamplerSettings(1, 0, 0.9, 0, 0, 0, 0.996, Set.of(), 42);

  /** Always the likeliest token. */
  public static final SamplerSettings GREEDY = DEFAULT.withTemperature(0);

  /**
   * @throws IllegalArgumentException naming the setting that is out of range
   */
  public SamplerSettings {
    check("temperature", temperature, 0, 100);
    check("top-k", topK, 0, Integer.MAX_VALUE);
    check("top-p", topP, 0, 1);
    check("min-p", minP, 0, 1);
    check("presence penalty", presencePenalty, -100, 100);
    check("frequency penalty", frequencyPenalty, -100, 100);
    check("penalty decay", penaltyDecay, 0, 1);
    banned = Set.copyOf(banned);
  }

  private static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", it must be from " + least + " to " + most);
    }
  }

  public SamplerSettings withTemperature(double value) {
    return new SamplerSettings(
        value, topK, topP, minP, presencePenalty, frequencyPenalty, penaltyDecay, banned, seed);
  }

  public SamplerSettings withTopP(double value) {
    return new SamplerSettings(
        temperature,
        topK,
        value,
        minP,
        presencePenalty,
        frequencyPenalty,
        penaltyDecay,
        banned,
        seed);
  }

  public SamplerSettings withSeed(long value) {
    return new SamplerSettings(
        temperature,
        topK,
        topP,
        minP,
        presencePenalty,
        frequencyPenalty,
        penaltyDecay,
        banned,
        value);
  }
}
