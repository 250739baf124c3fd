package rwkv.probes;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;
import rwkv.plugin.SmallModel;

/**
 * A model whose answers are known: as it is at initialisation nothing is added to the residual, all
 * channels decay alike, and nothing is erased. Every token writes k vᵀ, which depend on the token
 * and the one before it.
 */
final class Built {

  static final int VOCABULARY = SmallModel.VOCABULARY;

  private final ModelPlan plan;
  private final Map<String, Tensor> tensors;

  private Built(ModelPlan plan, Map<String, Tensor> tensors) {
    this.plan = plan;
    this.tensors = tensors;
  }

  static Stream<Version> versions() {
    return Stream.of(Version.V4, Version.V5_0, Version.V5_1, Version.V5_2, Version.V6, Version.V7);
  }

  /**
   * Two layers of two heads, for RWKV-4 of two runs of 64 channels.
   *
   * @param halfLife of every channel, in tokens
   */
  static Built of(Version version, double halfLife) {
    int channels = version == Version.V4 ? 128 : 16;
    ModelPlan plan =
        ModelPlan.of(version, 2, channels, 8).withVocabulary(VOCABULARY).withFfnChannels(32);
    double[][] halfLives = new double[plan.layers()][plan.decays().values()];
    for (double[] layer : halfLives) {
      Arrays.fill(layer, halfLife);
    }
    DecayCurve curve = DecayCurve.ofHalfLives(plan.decays(), halfLives).curve();
    Map<String, Tensor> tensors =
        new LinkedHashMap<>(new Initialiser(plan, curve, 5).tensors(Progress.NONE));
    Built built = new Built(plan, tensors);
    if (version == Version.V7) {
      for (int layer = 0; layer < plan.layers(); layer++) {
        built.fill("blocks." + layer + ".att.a0", -40);
      }
    }
    return built;
  }

  /** Sets all numbers of a tensor. */
  Built fill(String name, float value) {
    tensors.computeIfPresent(
        name,
        (_, old) -> {
          float[] numbers = new float[(int) old.count()];
          Arrays.fill(numbers, value);
          return Tensor.of(name, old.shape(), numbers);
        });
    return this;
  }

  /** Every token writes what it would write without one before it. */
  Built withoutTokenShift() {
    for (String name : List.copyOf(tensors.keySet())) {
      if (name.matches(".*\\.(x_[rwkvag]|time_maa_[xrwkvg])")) {
        fill(name, 0);
      } else if (name.matches(".*\\.time_mix_[rkvg]")) {
        fill(name, 1);
      }
    }
    return this;
  }

  /** What a head reads from its state is added to the residual. */
  Built listeningTo(int layer, int head) {
    String name = "blocks.%d.att.output.weight".formatted(layer);
    tensors.computeIfPresent(
        name,
        (_, old) -> {
          int channels = plan.channels();
          int size = channels / 2;
          float[] numbers = new float[channels * channels];
          Random random = new Random(3);
          for (int row = 0; row < channels; row++) {
            for (int j = head * size; j < (head + 1) * size; j++) {
              numbers[row * channels + j] = (float) random.nextGaussian();
            }
          }
          return Tensor.of(name, old.shape(), numbers);
        });
    return this;
  }

  /** All numbers are such that bf16 holds them. */
  Built rounded() {
    tensors.replaceAll((name, old) -> {
      float[] numbers = old.toFloats();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Float.intBitsToFloat(Float.floatToRawIntBits(numbers[i]) & 0xffff0000);
      }
      return Tensor.of(name, old.shape(), numbers);
    });
    return this;
  }

  Engine open() {
    return new SmallModel(Path.of("built"), tensors).open();
  }
}
