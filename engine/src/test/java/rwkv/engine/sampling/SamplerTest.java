package rwkv.engine.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import rwkv.engine.Seeds;

class SamplerTest {

  /** Probabilities 0.5, 0.25, 0.15, 0.07, 0.03. */
  private static final float[] LOGITS = logs(0.5, 0.25, 0.15, 0.07, 0.03);

  private static final SamplerSettings ALL = SamplerSettings.DEFAULT.withTopP(1);

  private static float[] logs(double... p) {
    float[] logits = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      logits[i] = (float) Math.log(p[i]);
    }
    return logits;
  }

  private static SamplerSettings settings(double t, int k, double p, double min) {
    return new SamplerSettings(t, k, p, min, 0, 0, 1, Set.of(), 7);
  }

  private static int[] count(SamplerSettings settings, int draws) {
    int[] counts = new int[LOGITS.length];
    Sampler sampler = new Sampler(settings);
    for (int i = 0; i < draws; i++) {
      counts[sampler.next(LOGITS, i)]++;
    }
    return counts;
  }

  private static Set<Integer> drawn(SamplerSettings settings) {
    Set<Integer> tokens = new TreeSet<>();
    int[] counts = count(settings, 5_000);
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        tokens.add(i);
      }
    }
    return tokens;
  }

  @Test
  void drawsAreAsFrequentAsTheirProbabilities() {
    int[] counts = count(ALL.withSeed(3), 100_000);
    double[] expected = {0.5, 0.25, 0.15, 0.07, 0.03};
    for (int i = 0; i < expected.length; i++) {
      // Four standard deviations of a binomial share over 100,000 draws is at most 0.0064.
      assertEquals(expected[i], counts[i] / 100_000.0, 0.0065);
    }
  }

  @Test
  void temperatureRaisesProbabilitiesToItsInverse() {
    int[] counts = count(settings(0.5, 0, 1, 0), 100_000);
    double sum = 0.25 + 0.0625 + 0.0225 + 0.0049 + 0.0009;
    assertEquals(0.25 / sum, counts[0] / 100_000.0, 0.0065);
    assertEquals(0.0225 / sum, counts[2] / 100_000.0, 0.0065);
  }

  @Test
  void temperatureZeroTakesTheLikeliest() {
    assertEquals(Set.of(0), drawn(SamplerSettings.GREEDY));
  }

  @Test
  void topKKeepsTheLikeliestK() {
    assertEquals(Set.of(0, 1), drawn(settings(1, 2, 1, 0)));
    assertEquals(Set.of(0, 1, 2, 3, 4), drawn(settings(1, 500, 1, 0)));
  }

  @Test
  void topPKeepsTheTokenThatReachesIt() {
    assertEquals(Set.of(0), drawn(settings(1, 0, 0, 0)));
    assertEquals(Set.of(0), drawn(settings(1, 0, 0.49, 0)));
    assertEquals(Set.of(0, 1), drawn(settings(1, 0, 0.6, 0)));
    assertEquals(Set.of(0, 1, 2), drawn(settings(1, 0, 0.8, 0)));
  }

  @Test
  void topPKeepsTiesWithTheLastOneKept() {
    Sampler sampler = new Sampler(settings(1, 0, 0.5, 0));
    Set<Integer> seen = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      seen.add(sampler.next(logs(0.4, 0.2, 0.2, 0.2), i));
    }
    assertEquals(Set.of(0, 1, 2, 3), seen);
  }

  @Test
  void minPIsRelativeToTheLikeliest() {
    assertEquals(Set.of(0, 1, 2), drawn(settings(1, 0, 1, 0.2)));
    assertEquals(Set.of(0), drawn(settings(1, 0, 1, 1)));
  }

  @Test
  void bannedTokensAreNeverDrawn() {
    Set<Integer> banned = Set.of(0, 2, 99);
    SamplerSettings some = new SamplerSettings(1, 0, 1, 0, 0, 0, 1, banned, 7);
    assertEquals(Set.of(1, 3, 4), drawn(some));
    SamplerSettings all = new SamplerSettings(0, 0, 1, 0, 0, 0, 1, Set.of(0, 1, 2, 3, 4), 7);
    IllegalArgumentException problem =
        assertThrows(IllegalArgumentException.class, () -> new Sampler(all).next(LOGITS, 0));
    assertTrue(problem.getMessage().contains("banned"));
  }

  @Test
  void presencePenaltyCountsOnceAndFrequencyPenaltyEveryDecayedTime() {
    float[] logits = {2, 1.55f, 0};
    Sampler presence = new Sampler(new SamplerSettings(0, 0, 1, 0, 0.5, 0, 0.5, Set.of(), 1));
    assertEquals(0, presence.next(logits, 0));
    assertEquals(1, presence.next(logits, 1));
    assertEquals(0, presence.next(logits, 2));
    assertEquals(0, presence.next(logits, 3));
    Sampler frequency = new Sampler(new SamplerSettings(0, 0, 1, 0, 0, 0.5, 0.5, Set.of(), 1));
    assertEquals(0, frequency.next(logits, 0));
    assertEquals(1, frequency.next(logits, 1));
    // Counts now: token 0 half, token 1 one; 2 − 0.25 against 1.55 − 0.5.
    assertEquals(0, frequency.next(logits, 2));
  }

  @Test
  void theSameSeedDrawsTheSameWhereverItBegins() {
    Random random = Seeds.random("sampler");
    long seed = random.nextLong();
    Sampler whole = new Sampler(ALL.withSeed(seed));
    int[] text = new int[50];
    for (int i = 0; i < text.length; i++) {
      text[i] = whole.next(LOGITS, i);
    }
    Sampler late = new Sampler(ALL.withSeed(seed));
    for (int i = 20; i < text.length; i++) {
      assertEquals(text[i], late.next(LOGITS, i));
    }
    Sampler other = new Sampler(ALL.withSeed(seed + 1));
    boolean different = false;
    for (int i = 0; i < text.length; i++) {
      different |= other.next(LOGITS, i) != text[i];
    }
    assertTrue(different);
  }

  @Test
  void truncationBeforeSortingKeepsWhatAFullSortWouldKeep() {
    Random random = Seeds.random("truncation");
    for (int round = 0; round < 200; round++) {
      float[] logits = Seeds.normal(random, 2 + random.nextInt(500), 3);
      double topP = random.nextDouble();
      Set<Integer> kept = keptByFullSort(logits, topP);
      Sampler sampler = new Sampler(settings(1, 0, topP, 0).withSeed(random.nextLong()));
      for (int i = 0; i < 20; i++) {
        assertTrue(kept.contains(sampler.next(logits, i)));
      }
    }
  }

  private static Set<Integer> keptByFullSort(float[] logits, double topP) {
    Integer[] order = new Integer[logits.length];
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
      sum += Math.exp(logits[i]);
    }
    Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
    Set<Integer> kept = new TreeSet<>();
    double reached = 0;
    for (int token : order) {
      kept.add(token);
      reached += Math.exp(logits[token]) / sum;
      if (reached >= topP + 1e-9) {
        break;
      }
    }
    return kept;
  }

  @Test
  void aLogitThatIsNotANumberIsNamed() {
    IllegalArgumentException problem =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Sampler(ALL).next(new float[] {1, Float.NaN, 2}, 0));
    assertTrue(problem.getMessage().contains("token 1"));
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    IllegalArgumentException problem =
        assertThrows(IllegalArgumentException.class, () -> settings(1, 0, 1.5, 0));
    assertTrue(problem.getMessage().contains("top-p is 1.5"), problem.getMessage());
    assertThrows(IllegalArgumentException.class, () -> settings(Double.NaN, 0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> settings(-1, 0, 1, 0));
  }
}
