package rwkv.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * A small random RWKV-7 in a file, so that everyday tests need no downloads. Larger numbers than at
 * initialisation, so that every term matters.
 */
public record TinyModel(int layers, int heads, int headSize, int ffn, int vocabulary, int[] ranks) {

  /** Two layers of three heads of eight: nothing is a power of two by accident. */
  public static final TinyModel SMALL = new TinyModel(2, 3, 8, 56, 61, new int[] {5, 7, 3, 9});

  public int channels() {
    return heads * headSize;
  }

  /** Its tensors as f32 under their official names. */
  public List<Tensor> tensors(Random random) {
    List<Tensor> all = new ArrayList<>();
    int c = channels();
    add(all, random, "emb.weight", 1, vocabulary, c);
    norm(all, random, "blocks.0.ln0", c);
    for (int layer = 0; layer < layers; layer++) {
      String block = "blocks." + layer + ".";
      norm(all, random, block + "ln1", c);
      norm(all, random, block + "ln2", c);
      attention(all, random, block + "att.", layer);
      add(all, random, block + "ffn.x_k", 0.5, 1, 1, c);
      add(all, random, block + "ffn.key.weight", 1.5 / Math.sqrt(c), ffn, c);
      add(all, random, block + "ffn.value.weight", 1 / Math.sqrt(ffn), c, ffn);
    }
    norm(all, random, "ln_out", c);
    add(all, random, "head.weight", 2 / Math.sqrt(c), vocabulary, c);
    return all;
  }

  private void attention(List<Tensor> all, Random random, String att, int layer) {
    int c = channels();
    for (String name :
        List.of("x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "w0", "a0", "k_k", "k_a")) {
      add(all, random, att + name, 0.7, 1, 1, c);
    }
    String letters = layer == 0 ? "wag" : "wagv";
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      add(all, random, att + letter + "1", 1 / Math.sqrt(c), c, ranks[i]);
      add(all, random, att + letter + "2", 1, ranks[i], c);
    }
    if (layer > 0) {
      add(all, random, att + "v0", 0.7, 1, 1, c);
    }
    add(all, random, att + "r_k", 0.3, heads, headSize);
    for (String name : List.of("receptance", "key", "value", "output")) {
      add(all, random, att + name + ".weight", 1 / Math.sqrt(c), c, c);
    }
    norm(all, random, att + "ln_x", c);
  }

  private static void norm(List<Tensor> all, Random random, String name, int c) {
    float[] weight = Seeds.normal(random, c, 0.2);
    for (int i = 0; i < c; i++) {
      weight[i] += 1;
    }
    all.add(Tensor.of(name + ".weight", Shape.of(c), weight));
    add(all, random, name + ".bias", 0.1, c);
  }

  private static void add(
      List<Tensor> all, Random random, String name, double scale, long... sizes) {
    Shape shape = Shape.of(sizes);
    all.add(Tensor.of(name, shape, Seeds.normal(random, (int) shape.count(), scale)));
  }

  /** Writes it as {@code .safetensors}. */
  public Path write(Path file, Random random) {
    SafetensorsWriter.write(file, tensors(random), Map.of());
    return file;
  }
}
