package rwkv.probes;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.StateLayout;

/**
 * The WKV states of heads in snapshots: taken out, changed and put back. Of RWKV-4, which has no
 * heads, the numerators, denominators and exponents of a run of channels.
 */
final class HeadStates {

  private static final int EXPONENT = 2;

  private final ModelSpec spec;
  private final int heads;
  private final int[] parts;

  HeadStates(ModelSpec spec) {
    this.spec = spec;
    this.heads = StateLayout.of(spec).groups();
    List<String> names =
        spec.version().hasHeads()
            ? List.of(StatePart.ATT_KV)
            : List.of(StatePart.ATT_AA, StatePart.ATT_BB, StatePart.ATT_PP);
    this.parts = names.stream().mapToInt(spec::statePart).toArray();
  }

  /** Numbers of a head in a part. */
  private int size(int part) {
    return spec.stateParts().get(parts[part]).count() / heads;
  }

  /** A head's numbers, by part. */
  float[][] of(StateSnapshot snapshot, int layer, int head) {
    float[][] numbers = new float[parts.length][];
    for (int p = 0; p < parts.length; p++) {
      int size = size(p);
      float[] all = snapshot.values(layer, parts[p]);
      numbers[p] = Arrays.copyOfRange(all, head * size, (head + 1) * size);
    }
    return numbers;
  }

  /** A snapshot with other numbers in a head. */
  StateSnapshot with(StateSnapshot snapshot, int layer, int head, float[][] numbers) {
    StateSnapshot changed = snapshot;
    for (int p = 0; p < parts.length; p++) {
      float[] all = snapshot.values(layer, parts[p]).clone();
      System.arraycopy(numbers[p], 0, all, head * size(p), size(p));
      changed = changed.with(layer, parts[p], all);
    }
    return changed;
  }

  /** What a head holds before the first token: nothing. */
  float[][] nothing() {
    float[][] numbers = new float[parts.length][];
    for (int p = 0; p < parts.length; p++) {
      numbers[p] = new float[size(p)];
      Arrays.fill(numbers[p], spec.stateParts().get(parts[p]).start());
    }
    return numbers;
  }

  /** The same numbers at random places; of RWKV-4 whole channels change places. */
  static float[][] shuffled(float[][] numbers, RandomGenerator random) {
    float[][] shuffled = new float[numbers.length][];
    Arrays.setAll(shuffled, p -> numbers[p].clone());
    for (int i = numbers[0].length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      for (float[] part : shuffled) {
        float swapped = part[i];
        part[i] = part[j];
        part[j] = swapped;
      }
    }
    return shuffled;
  }

  /** Adds up a head's states; the mean of them all. */
  static final class Mean {
    private double[][] sums = {};
    private int count;

    /** Adds one of {@link HeadStates#of}. */
    void add(float[][] numbers) {
      if (count++ == 0) {
        sums = new double[numbers.length][numbers[0].length];
        if (numbers.length > EXPONENT) {
          Arrays.fill(sums[EXPONENT], Double.NEGATIVE_INFINITY);
        }
      }
      for (int i = 0; i < numbers[0].length; i++) {
        if (numbers.length > EXPONENT) {
          addScaled(numbers, i);
        } else {
          sums[0][i] += numbers[0][i];
        }
      }
    }

    /** Numerator and denominator, both in units of e to the larger of two exponents. */
    private void addScaled(float[][] numbers, int i) {
      double exponent = Math.max(sums[EXPONENT][i], numbers[EXPONENT][i]);
      double old = Math.exp(sums[EXPONENT][i] - exponent);
      double fresh = Math.exp(numbers[EXPONENT][i] - exponent);
      sums[0][i] = sums[0][i] * old + numbers[0][i] * fresh;
      sums[1][i] = sums[1][i] * old + numbers[1][i] * fresh;
      sums[EXPONENT][i] = exponent;
    }

    /** By part. */
    float[][] numbers() {
      float[][] numbers = new float[sums.length][sums[0].length];
      for (int p = 0; p < sums.length; p++) {
        for (int i = 0; i < sums[p].length; i++) {
          numbers[p][i] = (float) (p == EXPONENT ? sums[p][i] : sums[p][i] / count);
        }
      }
      return numbers;
    }
  }
}
