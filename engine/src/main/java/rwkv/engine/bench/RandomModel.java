package rwkv.engine.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * An RWKV-7 with random weights, in native memory: to measure and try out what a model of some
 * shape does without having one. Large weights are drawn so that activations keep their size
 * through the layers; the same shape and seed always give the same weights.
 */
public final class RandomModel implements Checkpoint {

  private static final int RANKS_PER_CHANNELS = 12;

  /**
   * How large.
   *
   * @param channels a multiple of {@code headSize}
   * @param dtype what matrices are stored as: F32, F16 or BF16; vectors likewise
   */
  public record Size(int layers, int channels, int headSize, int vocabulary, DType dtype) {
    /**
     * The shape of the smallest published RWKV-7, of 0.1 billion parameters: 12 x 768, World
     * vocabulary.
     */
    public static final Size SMALLEST_WORLD = new Size(12, 768, 64, 65536, DType.BF16);
  }

  private final Arena arena = Arena.ofShared();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final SplittableRandom random;
  private final DType dtype;

  public RandomModel(Size size, long seed) {
    this.random = new SplittableRandom(seed);
    this.dtype = size.dtype;
    int c = size.channels;
    matrix("emb.weight", size.vocabulary, c, 1);
    norm("blocks.0.ln0", c);
    for (int layer = 0; layer < size.layers; layer++) {
      block("blocks." + layer + ".", layer, c, size.headSize);
    }
    norm("ln_out", c);
    matrix("head.weight", size.vocabulary, c, 2 / Math.sqrt(c));
  }

  private void block(String name, int layer, int c, int headSize) {
    double fair = 1 / Math.sqrt(c);
    norm(name + "ln1", c);
    norm(name + "ln2", c);
    String att = name + "att.";
    for (String letter : new String[] {"x_r", "x_w", "x_k", "x_v", "x_a", "x_g"}) {
      add(att + letter, Shape.of(1, 1, c), 0.5, 0.3);
    }
    for (String matrix : new String[] {"receptance", "key", "value", "output"}) {
      matrix(att + matrix + ".weight", c, c, fair);
    }
    int rank = Math.max(8, c / RANKS_PER_CHANNELS / 8 * 8);
    lowRank(att, "w", c, rank, -3, 1);
    lowRank(att, "a", c, rank, 0, 0.5);
    lowRank(att, "g", c, 2 * rank, Double.NaN, 0);
    if (layer > 0) {
      lowRank(att, "v", c, Math.max(8, rank / 2), 0.5, 0.2);
    }
    add(att + "k_k", Shape.of(1, 1, c), 0.85, 0.05);
    add(att + "k_a", Shape.of(1, 1, c), 1, 0.05);
    add(att + "r_k", Shape.of(c / headSize, headSize), 0, 0.1);
    norm(att + "ln_x", c);
    add(name + "ffn.x_k", Shape.of(1, 1, c), 0.5, 0.3);
    matrix(name + "ffn.key.weight", 4 * c, c, fair);
    matrix(name + "ffn.value.weight", c, 4 * c, fair / 2);
  }

  private void lowRank(String att, String letter, int c, int rank, double bias, double spread) {
    matrix(att + letter + "1", c, rank, 1 / Math.sqrt(c));
    matrix(att + letter + "2", rank, c, 1 / Math.sqrt(rank));
    if (!Double.isNaN(bias)) {
      add(att + letter + "0", Shape.of(1, 1, c), bias, spread);
    }
  }

  private void norm(String name, int channels) {
    add(name + ".weight", Shape.of(channels), 1, 0.1);
    add(name + ".bias", Shape.of(channels), 0, 0.1);
  }

  private void matrix(String name, int rows, int columns, double deviation) {
    add(name, Shape.of(rows, columns), 0, deviation);
  }

  /** Uniform numbers: drawing them must not take longer than measuring. */
  private void add(String name, Shape shape, double mean, double deviation) {
    MemorySegment data = arena.allocate(shape.count() * dtype.bytes(), 64);
    double width = deviation * Math.sqrt(12);
    for (long i = 0; i < shape.count(); i++) {
      store(data, i, (float) (mean + (random.nextDouble() - 0.5) * width));
    }
    tensors.put(name, new Tensor(name, dtype, shape, data));
  }

  private void store(MemorySegment data, long index, float value) {
    switch (dtype) {
      case F32 ->
          data.set(ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN), index * 4, value);
      case F16 -> setShort(data, index, Float.floatToFloat16(value));
      case BF16 -> setShort(data, index, (short) (Float.floatToRawIntBits(value) >>> 16));
      default -> throw new IllegalArgumentException("no weights are stored as " + dtype);
    }
  }

  private static void setShort(MemorySegment data, long index, short value) {
    data.set(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN), index * 2, value);
  }

  @Override
  public Path path() {
    return Path.of("random weights");
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
    return Map.of();
  }

  @Override
  public void close() {
    arena.close();
  }
}
