package rwkv.engine.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import rwkv.engine.convert.GgufTypes;
import rwkv.engine.naming.LlamaArchitecture;
import rwkv.engine.naming.LlamaName;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/**
 * The tensors of an RWKV-7 of some shape, with means and deviations under which activations keep
 * their size through the layers.
 */
final class RandomLayout {

  private static final List<String> SHIFTED = List.of("x_r", "x_w", "x_k", "x_v", "x_a", "x_g");
  private static final List<String> SQUARE = List.of("receptance", "key", "value", "output");

  private final ModelShape shape;
  private final DType dtype;
  private final Sparsity sparsity;
  private final Map<String, RandomTensor> tensors = new LinkedHashMap<>();

  private RandomLayout(ModelShape shape, DType dtype, Sparsity sparsity) {
    this.shape = shape;
    this.dtype = dtype;
    this.sparsity = sparsity;
  }

  /** The tensors of an official checkpoint, all of one type. */
  static List<RandomTensor> official(ModelShape shape, DType dtype, Sparsity sparsity) {
    return List.copyOf(new RandomLayout(shape, dtype, sparsity).all().values());
  }

  /** The tensors of a GGUF file whose matrices are wanted in that type. */
  static List<RandomTensor> gguf(ModelShape shape, DType dtype, Sparsity sparsity) {
    Map<String, RandomTensor> official = new RandomLayout(shape, dtype, sparsity).all();
    List<RandomTensor> list = new ArrayList<>();
    LlamaArchitecture architecture = LlamaArchitecture.RWKV7;
    architecture.outsideBlocks().forEach(name -> list.add(gguf(official, name, "", "", dtype)));
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (LlamaName name : architecture.inBlocks()) {
        list.add(gguf(official, name, "blk." + layer + ".", "blocks." + layer + ".", dtype));
      }
    }
    return list;
  }

  private static RandomTensor gguf(
      Map<String, RandomTensor> official,
      LlamaName name,
      String before,
      String block,
      DType dtype) {
    String own = name.official().getFirst();
    // llama.cpp wants a value residual in block 0 too, shaped like the in-context learning rate.
    String other = own.replace("att.v", "att.a");
    RandomTensor tensor =
        Objects.requireNonNullElseGet(
            official.get(block + own), () -> Objects.requireNonNull(official.get(block + other)));
    Shape stored = stored(name, tensor.shape());
    String file = before + name.file();
    return tensor.stored(file, GgufTypes.of(file, stored, dtype), stored);
  }

  private static Shape stored(LlamaName name, Shape official) {
    if (name.official().size() > 1) {
      return Shape.of(name.official().size(), 1, 1, official.count());
    }
    if (name.swapped()) {
      return Shape.of(official.size(1), official.size(0));
    }
    boolean matrix = official.rank() == 2 && name.official().getFirst().endsWith(".weight");
    return matrix ? official : Shape.of(official.count());
  }

  private Map<String, RandomTensor> all() {
    int c = shape.channels();
    add("emb.weight", Shape.of(shape.vocabulary(), c), 0, 1);
    norm("blocks.0.ln0");
    for (int layer = 0; layer < shape.layers(); layer++) {
      timeMixing("blocks." + layer + ".", layer);
      channelMixing("blocks." + layer + ".");
    }
    norm("ln_out");
    add("head.weight", Shape.of(shape.vocabulary(), c), 0, 2 / Math.sqrt(c));
    return tensors;
  }

  private void timeMixing(String block, int layer) {
    int c = shape.channels();
    norm(block + "ln1");
    String att = block + "att.";
    SHIFTED.forEach(letter -> vector(att + letter, 0.5, 0.3));
    SQUARE.forEach(name -> add(att + name + ".weight", Shape.of(c, c), 0, 1 / Math.sqrt(c)));
    lowRank(att, "w");
    vector(att + "w0", -3, 1);
    lowRank(att, "a");
    vector(att + "a0", 0, 0.5);
    lowRank(att, "g");
    if (layer > 0) {
      lowRank(att, "v");
      vector(att + "v0", 0.5, 0.2);
    }
    vector(att + "k_k", 0.85, 0.05);
    vector(att + "k_a", 1, 0.05);
    add(att + "r_k", Shape.of(c / shape.headSize(), shape.headSize()), 0, 0.1);
    norm(att + "ln_x");
  }

  private void channelMixing(String block) {
    int c = shape.channels();
    double fair = 1 / Math.sqrt(c);
    norm(block + "ln2");
    vector(block + "ffn.x_k", sparsity.chosen() ? 0 : 0.5, sparsity.chosen() ? 0 : 0.3);
    add(block + "ffn.key.weight", Shape.of(4 * c, c), 0, fair);
    add(block + "ffn.value.weight", Shape.of(c, 4 * c), 0, fair / 2 / sparsity.growth());
    if (sparsity.chosen()) {
      tensors.computeIfPresent(block + "ln2.weight", (_, norm) -> norm.leading(0));
      tensors.computeIfPresent(block + "ln2.bias", (_, norm) -> norm.leading(sparsity.input(c)));
      tensors.computeIfPresent(block + "ffn.key.weight", (_, key) -> key.leading(-fair));
    }
  }

  private void lowRank(String att, String letter) {
    int c = shape.channels();
    int rank = shape.rank(letter);
    add(att + letter + "1", Shape.of(c, rank), 0, 1 / Math.sqrt(c));
    add(att + letter + "2", Shape.of(rank, c), 0, 1 / Math.sqrt(rank));
  }

  private void norm(String name) {
    add(name + ".weight", Shape.of(shape.channels()), 1, 0.1);
    add(name + ".bias", Shape.of(shape.channels()), 0, 0.1);
  }

  private void vector(String name, double mean, double deviation) {
    add(name, Shape.of(1, 1, shape.channels()), mean, deviation);
  }

  private void add(String name, Shape size, double mean, double deviation) {
    tensors.put(name, new RandomTensor(name, dtype, size, mean, deviation));
  }
}
