package rwkv.engine.sampling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Draws tokens as {@link SamplerSettings} say. It remembers what has occurred for the penalties.
 * The draw at a position depends on the seed and the position only, not on how many draws came
 * before: a text taken up again in its middle goes on as it would have.
 */
public final class Sampler {

  private final SamplerSettings settings;
  private final Map<Integer, Double> occurrences = new HashMap<>();

  public Sampler(SamplerSettings settings) {
    this.settings = settings;
  }

  public SamplerSettings settings() {
    return settings;
  }

  /** A sampler of other settings that remembers the same occurrences. */
  public Sampler with(SamplerSettings other) {
    Sampler sampler = new Sampler(other);
    sampler.occurrences.putAll(occurrences);
    return sampler;
  }

  /**
   * Draws the token at {@code position} and remembers it.
   *
   * @param logits {@code [vocabulary]}; not changed
   * @throws IllegalArgumentException if a logit is NaN or no token is left to draw
   */
  public int next(float[] logits, int position) {
    float[] penalised = penalise(logits);
    int likeliest = likeliest(penalised);
    int token =
        settings.temperature() == 0
            ? likeliest
            : draw(Candidates.of(penalised, likeliest, settings), uniform(position));
    occurrences.replaceAll((_, count) -> count * settings.penaltyDecay());
    occurrences.merge(token, 1.0, Double::sum);
    return token;
  }

  private float[] penalise(float[] logits) {
    boolean penalties = settings.presencePenalty() != 0 || settings.frequencyPenalty() != 0;
    if (settings.banned().isEmpty() && !penalties) {
      return logits;
    }
    float[] changed = logits.clone();
    occurrences.forEach((token, count) ->
        changed[token] -=
            (float) (settings.presencePenalty() + count * settings.frequencyPenalty()));
    for (int token : settings.banned()) {
      if (token >= 0 && token < changed.length) {
        changed[token] = Float.NEGATIVE_INFINITY;
      }
    }
    return changed;
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 0; i < logits.length; i++) {
      if (Float.isNaN(logits[i])) {
        throw new IllegalArgumentException("the logit of token " + i + " is not a number");
      }
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    if (logits[best] == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException("every token is banned");
    }
    return best;
  }

  /** Uniform in [0, 1): SplitMix64's finaliser over seed and position. */
  private double uniform(int position) {
    long z = settings.seed() + (position + 1L) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1p-53;
  }

  private static int draw(Candidates candidates, double uniform) {
    double[] weights = candidates.weights();
    double left = uniform * Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) {
        return candidates.tokens()[i];
      }
    }
    return candidates.tokens()[0];
  }
}
