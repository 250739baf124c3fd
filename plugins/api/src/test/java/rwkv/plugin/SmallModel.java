package rwkv.plugin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;

/** A small model with random weights, in memory, to try a probe with. */
public record SmallModel(Path path, Map<String, Tensor> tensors) implements Checkpoint {

  /** End of text, then every byte: what {@link ByteTokens} writes. */
  public static final int VOCABULARY = 257;

  private static final int CHANNELS = 32;
  private static final int HEAD = 8;

  /**
   * A model of two layers with four heads of eight channels (RWKV-4: none), as its trainer begins
   * it, with every matrix shaken, for trainers begin some with zeros.
   *
   * @param version one that can be trained
   * @param vocabulary tokens
   */
  public static SmallModel of(Version version, int vocabulary, long seed) {
    ModelPlan plan =
        ModelPlan.of(version, 2, CHANNELS, HEAD)
            .withVocabulary(vocabulary)
            .withFfnChannels(2 * CHANNELS);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Random random = new Random(seed);
    new Initialiser(plan, plan.officialDecays(), seed)
        .tensors(Progress.NONE)
        .forEach((name, tensor) -> tensors.put(name, shaken(tensor, random)));
    return new SmallModel(Path.of("small " + version.title()), tensors);
  }

  /** It is an RWKV-7 that reads and writes bytes. */
  public static SmallModel of(long seed) {
    return of(Version.V7, VOCABULARY, seed);
  }

  /** Opens it on the scalar kernels, which need no warming up; to be closed. */
  public Engine open() {
    return open(this);
  }

  static Engine open(Checkpoint checkpoint) {
    return Engine.open(checkpoint, "reference", 1, LoadOptions.OFFICIAL, Progress.NONE);
  }

  private static Tensor shaken(Tensor tensor, Random random) {
    int count = Math.toIntExact(tensor.shape().count());
    float scale = tensor.shape().squeezed().rank() < 2 ? 0 : 0.2f;
    MemorySegment data = Arena.ofAuto().allocate(4L * count, 64);
    for (int i = 0; i < count; i++) {
      float shake = (float) random.nextGaussian() * scale;
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) tensor.get(i) + shake);
    }
    return new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), data);
  }

  @Override
  public String format() {
    return "memory";
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void close() {}
}
