package rwkv.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rwkv.engine.TinyVersion.Sizes;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Small random models of the versions that came after RWKV-7, in files. */
public enum TinyModel8 {
  V7A,
  V7B,
  /** ROSA alone, a symbol for every channel. */
  ROSA_1,
  /** ROSA alone, a symbol for every four channels. */
  ROSA_4,
  /** ROSA beside RWKV-7's time mixing. */
  ROSA_7;

  /** Random sizes; the width is one that four divides. */
  public static Sizes sizes(Random random) {
    return new Sizes(
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        4 * (1 + random.nextInt(5)),
        1 + random.nextInt(50),
        2 + random.nextInt(40),
        random.ints(4, 1, 9).boxed().toList());
  }

  /** Two layers of three heads of eight. */
  public static Sizes small() {
    return new Sizes(2, 3, 8, 56, 61, List.of(5, 7, 3, 9));
  }

  /** Its tensors as f32 under their official names. */
  public List<Tensor> tensors(Random random, Sizes sizes) {
    List<Tensor> all = new ArrayList<>(TinyVersion.V7.tensors(random, sizes));
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String block = "blocks." + layer + ".";
      switch (this) {
        case V7A -> deepEmbed(all, random, block + "ffn.", sizes);
        case V7B -> {
          deepEmbed(all, random, block + "ffn.", sizes);
          attention(all, random, block + "qkv.", sizes);
        }
        case ROSA_1, ROSA_4, ROSA_7 -> {
          norm(all, random, block + "ln3", sizes.channels());
          rosa(all, random, block + "rosa.", sizes.channels());
        }
      }
    }
    if (this == ROSA_1 || this == ROSA_4) {
      all.removeIf(tensor -> tensor.name().contains(".att.") || tensor.name().contains(".ln1."));
    }
    return all;
  }

  /** What stands beside the tensors. */
  public Map<String, String> metadata() {
    return switch (this) {
      case ROSA_1 -> Map.of("rosa_bits", "1");
      case ROSA_4 -> Map.of("rosa_bits", "4");
      default -> Map.of();
    };
  }

  private static void deepEmbed(List<Tensor> all, Random random, String ffn, Sizes sizes) {
    int c = sizes.channels();
    int down = sizes.ranks().get(0);
    int up = sizes.ranks().get(1);
    add(all, random, ffn + "s_emb.weight", 0.5, sizes.vocabulary(), (long) down * up);
    add(all, random, ffn + "s_emb_x.weight", 0.5 / Math.sqrt(c), (long) down * up, c);
    add(all, random, ffn + "s1", 1 / Math.sqrt(c), c, down);
    add(all, random, ffn + "s2", 1 / Math.sqrt(up), up, sizes.ffn());
    add(all, random, ffn + "s0", 1, 1, 1, sizes.ffn());
  }

  private static void attention(List<Tensor> all, Random random, String qkv, Sizes sizes) {
    int c = sizes.channels();
    int keys = 3 + 2 * sizes.headSize();
    int keyRank = sizes.ranks().get(2);
    int valueRank = sizes.ranks().get(3);
    add(all, random, qkv + "qq.weight", 5, keys, c);
    add(all, random, qkv + "k1", 1, c, keyRank);
    add(all, random, qkv + "k2", 1, keyRank, keys);
    add(all, random, qkv + "v1", 0.5, c, valueRank);
    add(all, random, qkv + "v2", 0.5, valueRank, c);
    add(all, random, qkv + "k_emb.weight", 1, sizes.vocabulary(), keys);
    add(all, random, qkv + "v_emb.weight", 1, sizes.vocabulary(), c);
    add(all, random, qkv + "k_emb_x.weight", 0.5, keys, c);
    add(all, random, qkv + "v_emb_x.weight", 0.5, c, c);
    add(all, random, qkv + "x_q", 0.5, 1, 1, keys);
    add(all, random, qkv + "x_k", 0.5, 1, 1, keys);
    add(all, random, qkv + "x_v", 0.5, 1, 1, c);
    norm(all, random, qkv + "lnq", keys);
    norm(all, random, qkv + "lnk", keys);
    norm(all, random, qkv + "lnv", c);
  }

  private static void rosa(List<Tensor> all, Random random, String rosa, int c) {
    for (String letter : List.of("q", "k", "v", "o")) {
      add(all, random, rosa + letter + ".weight", 1 / Math.sqrt(c), c, c);
      add(all, random, rosa + letter + ".bias", 0.2, c);
    }
    for (String letter : List.of("q", "k", "v")) {
      add(all, random, rosa + "x_" + letter, 0.5, 1, 1, c);
    }
    add(all, random, rosa + "rosa_qkv.emb", 1, 1, 1, c);
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
  public Path write(Path file, Random random, Sizes sizes) {
    SafetensorsWriter.write(file, tensors(random, sizes), metadata());
    return file;
  }
}
