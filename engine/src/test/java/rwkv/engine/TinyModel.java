package rwkv.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rwkv.engine.TinyVersion.Sizes;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.tensor.Tensor;

/** A small random model in a file, so that everyday tests need no downloads. */
public record TinyModel(TinyVersion version, Sizes sizes) {

  /** An RWKV-7 of two layers of three heads of eight: nothing is a power of two by accident. */
  public static final TinyModel SMALL = small(TinyVersion.V7);

  /** The same sizes for any version. */
  public static TinyModel small(TinyVersion version) {
    return new TinyModel(version, new Sizes(2, 3, 8, 56, 61, List.of(5, 7, 3, 9)));
  }

  /** Random sizes. */
  public static TinyModel random(TinyVersion version, Random random) {
    Sizes sizes =
        new Sizes(
            1 + random.nextInt(3),
            1 + random.nextInt(4),
            2 + random.nextInt(20),
            1 + random.nextInt(70),
            2 + random.nextInt(90),
            random.ints(4, 1, 12).boxed().toList());
    return new TinyModel(version, sizes);
  }

  /** Its tensors as f32 under their official names. */
  public List<Tensor> tensors(Random random) {
    return version.tensors(random, sizes);
  }

  /** Writes it as {@code .safetensors}. */
  public Path write(Path file, Random random) {
    SafetensorsWriter.write(file, tensors(random), Map.of());
    return file;
  }
}
