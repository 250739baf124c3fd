package rwkv.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.naming.LlamaArchitecture;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/**
 * An RWKV-7 with random weights, in native memory: to measure and try out what a model of some
 * shape does without having one. Ranks and types are those of real files, so a token reads as many
 * bytes; activations keep their size through the layers; the same shape and seed always give the
 * same weights.
 */
public final class RandomModel implements Checkpoint {

  private static final long CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final String name;
  private final Map<String, String> metadata;

  private RandomModel(
      String name, Map<String, String> metadata, List<RandomTensor> wanted, long seed) {
    this.name = name;
    this.metadata = metadata;
    RandomNumbers numbers = new RandomNumbers(seed);
    for (RandomTensor tensor : wanted) {
      MemorySegment data = arena.allocate(tensor.dtype().bytes(tensor.shape().count()), CACHE_LINE);
      numbers.fill(tensor, tensors.size(), data);
      tensors.put(tensor.name(), new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), data));
    }
  }

  /**
   * A model whose tensors have the names, sizes and order of an official checkpoint, all of one
   * type.
   *
   * @param dtype F32, F16 or BF16
   * @throws OutOfMemoryError if there is not so much memory
   */
  public static RandomModel official(ModelShape shape, DType dtype, long seed) {
    List<RandomTensor> wanted = RandomLayout.official(shape, dtype, Sparsity.NOT_CHOSEN);
    return new RandomModel(name(shape, dtype), Map.of(), wanted, seed);
  }

  /**
   * A model whose tensors have the names, sizes, types and order of a GGUF file.
   *
   * @param dtype of matrices, as far as {@link rwkv.engine.convert.GgufTypes} has them so
   * @param zeros share of channel mixing's activations that are exactly zero, at least 0 and below
   *     1; NaN for what random keys give, about half
   * @throws IllegalArgumentException if there is no such share, or weights are not stored so
   * @throws OutOfMemoryError if there is not so much memory
   */
  public static RandomModel gguf(ModelShape shape, DType dtype, double zeros, long seed) {
    if (!dtype.isFloating() || dtype == DType.F64) {
      throw new IllegalArgumentException("no weights are stored as " + dtype);
    }
    String id = LlamaArchitecture.RWKV7.id();
    Map<String, String> metadata =
        Map.of(
            "general.architecture",
            id,
            id + ".embedding_length",
            "" + shape.channels(),
            id + ".block_count",
            "" + shape.layers(),
            id + ".wkv.head_size",
            "" + shape.headSize());
    List<RandomTensor> wanted = RandomLayout.gguf(shape, dtype, new Sparsity(zeros));
    return new RandomModel(name(shape, dtype), metadata, wanted, seed);
  }

  private static String name(ModelShape shape, DType dtype) {
    return "random weights, %s, %s".formatted(shape, dtype.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public Path path() {
    return Path.of(name);
  }

  /** None: it is in no file. */
  @Override
  public List<Path> files() {
    return List.of();
  }

  @Override
  public String format() {
    return "random weights";
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void close() {
    arena.close();
  }
}
