package rwkv.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * Small random models of every version up to 7, so that everyday tests need no downloads. Larger
 * numbers than at initialisation, so that every term matters.
 */
public enum TinyVersion {
  V4,
  V5_0,
  V5_1,
  V5_2,
  V6,
  V7;

  /**
   * How large a model is.
   *
   * @param ranks of RWKV-6's mixing and decay; of RWKV-7's w, a, g and v
   */
  public record Sizes(
      int layers, int heads, int headSize, int ffn, int vocabulary, List<Integer> ranks) {

    /** Nothing is a power of two by accident. */
    public static final Sizes SMALL = new Sizes(3, 3, 8, 56, 61);

    public Sizes {
      ranks = List.copyOf(ranks);
    }

    public Sizes(int layers, int heads, int headSize, int ffn, int vocabulary) {
      this(layers, heads, headSize, ffn, vocabulary, List.of(16, 24, 8, 40));
    }

    public int channels() {
      return heads * headSize;
    }

    private int rank(int index) {
      return ranks.get(index);
    }
  }

  /** A model's tensors in the making. */
  private record Making(List<Tensor> tensors, Random random, Sizes sizes) {

    void add(String name, double scale, double mean, long... shape) {
      Shape made = Shape.of(shape);
      float[] values = Seeds.normal(random, (int) made.count(), scale);
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) mean;
      }
      tensors.add(Tensor.of(name, made, values));
    }

    void norm(String name) {
      add(name + ".weight", 0.2, 1, sizes.channels());
      add(name + ".bias", 0.1, 0, sizes.channels());
    }

    void matrix(String name, int out, int in) {
      add(name + ".weight", 1 / Math.sqrt(in), 0, out, in);
    }

    void mixing(String block, String names, String prefix) {
      for (String name : names.split("")) {
        add(block + prefix + name, 0.5, 0.5, 1, 1, sizes.channels());
      }
    }
  }

  /** Its tensors as f32 under their official names. */
  public List<Tensor> tensors(Random random, Sizes sizes) {
    Making to = new Making(new ArrayList<>(), random, sizes);
    int c = sizes.channels();
    to.add("emb.weight", 1, 0, sizes.vocabulary, c);
    to.norm("blocks.0.ln0");
    for (int layer = 0; layer < sizes.layers; layer++) {
      String block = "blocks." + layer + ".";
      to.norm(block + "ln1");
      to.norm(block + "ln2");
      for (String name : List.of("receptance", "key", "value", "output")) {
        to.matrix(block + "att." + name, c, c);
      }
      timeMixing(to, block + "att.", layer);
      channelMixing(to, block + "ffn.");
    }
    to.norm("ln_out");
    to.add("head.weight", 2 / Math.sqrt(c), 0, sizes.vocabulary, c);
    return to.tensors;
  }

  private void timeMixing(Making to, String att, int layer) {
    int heads = to.sizes.heads;
    int size = to.sizes.headSize;
    switch (this) {
      case V4 -> {
        to.mixing(att, "kvr", "time_mix_");
        to.add(att + "time_decay", 1, 0, to.sizes.channels());
        to.add(att + "time_first", 1, 0, to.sizes.channels());
      }
      case V5_0 -> {
        to.mixing(att, "kvr", "time_mix_");
        to.add(att + "time_decay", 1, 0, heads);
        to.add(att + "time_first", 1, -1, heads);
      }
      case V5_1 -> {
        to.mixing(att, "kvrg", "time_mix_");
        to.add(att + "time_decay", 1, 0, heads);
        to.add(att + "time_faaaa", 1, 0, heads);
      }
      case V5_2 -> {
        to.mixing(att, "kvrg", "time_mix_");
        to.add(att + "time_decay", 1, 0, heads, size);
        to.add(att + "time_faaaa", 1, 0, heads, size);
      }
      case V6 -> six(to, att);
      case V7 -> seven(to, att, layer);
    }
    if (this != V4) {
      to.norm(att + "ln_x");
    }
    if (this == V5_1 || this == V5_2 || this == V6) {
      to.matrix(att + "gate", to.sizes.channels(), to.sizes.channels());
    }
  }

  private static void six(Making to, String att) {
    int c = to.sizes.channels();
    to.mixing(att, "xwkvrg", "time_maa_");
    to.add(att + "time_maa_w1", 1 / Math.sqrt(c), 0, c, 5L * to.sizes.rank(0));
    to.add(att + "time_maa_w2", 0.3, 0, 5, to.sizes.rank(0), c);
    to.add(att + "time_decay", 1, 0, 1, 1, c);
    to.add(att + "time_decay_w1", 1 / Math.sqrt(c), 0, c, to.sizes.rank(1));
    to.add(att + "time_decay_w2", 0.3, 0, to.sizes.rank(1), c);
    to.add(att + "time_faaaa", 1, 0, to.sizes.heads, to.sizes.headSize);
  }

  private static void seven(Making to, String att, int layer) {
    int c = to.sizes.channels();
    to.mixing(att, "rwkvag", "x_");
    String letters = layer == 0 ? "wag" : "wagv";
    for (int i = 0; i < letters.length(); i++) {
      String letter = letters.substring(i, i + 1);
      to.add(att + letter + "1", 1 / Math.sqrt(c), 0, c, to.sizes.rank(i));
      to.add(att + letter + "2", 0.5, 0, to.sizes.rank(i), c);
      if (!letter.equals("g")) {
        to.add(att + letter + "0", 0.7, 0, 1, 1, c);
      }
    }
    to.add(att + "k_k", 0.3, 0.8, 1, 1, c);
    to.add(att + "k_a", 0.3, 0.8, 1, 1, c);
    to.add(att + "r_k", 0.3, 0, to.sizes.heads, to.sizes.headSize);
  }

  private void channelMixing(Making to, String ffn) {
    int c = to.sizes.channels();
    switch (this) {
      case V7 -> to.mixing(ffn, "k", "x_");
      case V6 -> to.mixing(ffn, "kr", "time_maa_");
      default -> to.mixing(ffn, "kr", "time_mix_");
    }
    if (this != V7) {
      to.matrix(ffn + "receptance", c, c);
    }
    to.matrix(ffn + "key", to.sizes.ffn, c);
    to.matrix(ffn + "value", c, to.sizes.ffn);
  }
}
