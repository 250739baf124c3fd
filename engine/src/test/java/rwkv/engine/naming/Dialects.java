package rwkv.engine.naming;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Official tensors as other programs would call and store them, written from their converters. */
public final class Dialects {

  private Dialects() {}

  /** As flash-linear-attention has RWKV-7. */
  public static List<Tensor> fla(List<Tensor> official) {
    return official.stream().map(Dialects::fla).toList();
  }

  private static Tensor fla(Tensor tensor) {
    String name = tensor.name();
    String block = "model.layers." + name.replaceAll("blocks\\.(\\d+)\\..*", "$1") + ".";
    String rest = name.replaceFirst("blocks\\.\\d+\\.", "");
    if (rest.matches("att\\.[wavg][12]")) {
      String slot = rest.endsWith("1") ? "0" : "2";
      String lora = block + "attn." + rest.charAt(4) + "_lora.lora." + slot + ".weight";
      return swapped(tensor).named(lora);
    }
    if (rest.matches("att\\.[wav]0")) {
      return flat(tensor).named(block + "attn." + rest.charAt(4) + "_lora.lora.2.bias");
    }
    String renamed =
        switch (rest) {
          case "emb.weight" -> "model.embeddings.weight";
          case "head.weight" -> "lm_head.weight";
          case "ln_out.weight", "ln_out.bias" -> "model.norm" + rest.substring(6);
          default ->
              block
                  + rest.replaceFirst("^ln0", "pre_norm")
                      .replaceFirst("^ln1", "attn_norm")
                      .replaceFirst("^ln2", "ffn_norm")
                      .replaceFirst("^att\\.ln_x", "attn.g_norm")
                      .replaceFirst("^att\\.receptance", "attn.r_proj")
                      .replaceFirst("^att\\.key", "attn.k_proj")
                      .replaceFirst("^att\\.value", "attn.v_proj")
                      .replaceFirst("^att\\.output", "attn.o_proj")
                      .replaceFirst("^att\\.", "attn.");
        };
    return (rest.matches("att\\.k_[ka]|ffn\\.x_k") ? flat(tensor) : tensor).named(renamed);
  }

  /** As Hugging Face has versions 4 to 6, and 7 with names of its own. */
  public static List<Tensor> huggingFace(List<Tensor> official) {
    return official.stream()
        .map(tensor -> {
          String name =
              tensor
                  .name()
                  .replaceFirst("^emb\\.", "rwkv.embeddings.")
                  .replaceFirst("^ln_out", "rwkv.ln_out")
                  .replaceFirst("^blocks\\.0\\.ln0", "rwkv.blocks.0.pre_ln")
                  .replaceFirst("^blocks", "rwkv.blocks")
                  .replaceFirst("\\.att\\.", ".attention.")
                  .replaceFirst("\\.ffn\\.", ".feed_forward.")
                  .replaceFirst("time_mix_k$", "time_mix_key")
                  .replaceFirst("time_mix_v$", "time_mix_value")
                  .replaceFirst("time_mix_r$", "time_mix_receptance")
                  .replaceFirst("time_mix_g$", "time_mix_gate");
          return tensor.named(name);
        })
        .toList();
  }

  /** As web-rwkv's converter writes versions 4 to 7. */
  public static List<Tensor> webRwkv(List<Tensor> official) {
    return official.stream()
        .map(tensor -> {
          boolean lowRank =
              tensor.name().matches(".*att\\.([wavg][12]|time_maa_w[12]|time_decay_w[12])");
          Tensor stored = lowRank ? swapped(tensor) : tensor;
          return stored.named(
              tensor.name().replace("time_faaaa", "time_first").replace("time_maa", "time_mix"));
        })
        .toList();
  }

  /** As rwkv.cpp's converter writes every version to 7. */
  public static List<Tensor> rwkvCpp(List<Tensor> official) {
    Map<String, Tensor> all =
        official.stream()
            .collect(Collectors.toMap(Tensor::name, t -> t, (a, b) -> a, LinkedHashMap::new));
    boolean seven = all.containsKey("blocks.0.att.r_k");
    boolean six = all.containsKey("blocks.0.att.time_maa_x");
    boolean four = !all.containsKey("blocks.0.att.ln_x.weight");
    List<Tensor> stored = new ArrayList<>();
    for (Tensor tensor : official) {
      String rest = tensor.name().replaceFirst("blocks\\.\\d+\\.", "");
      if (rest.matches("att\\.x_[wkvag]")) {
        continue;
      }
      if (rest.equals("att.x_r")) {
        stored.add(joined(all, tensor.name(), List.of("r", "w", "k", "v", "a", "g")));
      } else if (rest.matches("att\\.([wavg][12]|time_maa_w[12]|time_decay_w[12])")) {
        stored.add(swapped(tensor));
      } else if (rest.contains("time_") && !seven) {
        stored.add(rwkvCpp(tensor, rest, four, six, heads(all)));
      } else {
        stored.add(tensor);
      }
    }
    return stored;
  }

  private static int heads(Map<String, Tensor> all) {
    Tensor bonus = all.getOrDefault("blocks.0.att.time_faaaa", all.get("blocks.0.att.time_decay"));
    return (int) bonus.shape().size(0);
  }

  private static Tensor rwkvCpp(Tensor tensor, String rest, boolean four, boolean six, int heads) {
    Tensor squeezed = tensor.reshaped(tensor.shape().squeezed());
    if (rest.equals("att.time_decay") && four) {
      return mapped(squeezed, x -> -Math.exp(x));
    }
    if (rest.equals("att.time_decay") && six) {
      return tensor.reshaped(Shape.of(heads, tensor.count() / heads, 1));
    }
    if (rest.equals("att.time_decay")) {
      Shape shape = Shape.of(heads, tensor.count() / heads, 1);
      return mapped(tensor, x -> Math.exp(-Math.exp(x))).reshaped(shape);
    }
    if (rest.equals("att.time_first") && !four) {
      return mapped(tensor, Math::exp).reshaped(Shape.of(tensor.count(), 1, 1));
    }
    if (rest.equals("att.time_faaaa")) {
      List<Long> sizes = new ArrayList<>(squeezed.shape().sizes());
      sizes.add(1L);
      return squeezed.reshaped(new Shape(sizes));
    }
    return squeezed;
  }

  private static Tensor joined(Map<String, Tensor> all, String first, List<String> letters) {
    String prefix = first.substring(0, first.length() - 1);
    int channels = (int) all.get(first).count();
    float[] values = new float[channels * letters.size()];
    for (int i = 0; i < letters.size(); i++) {
      all.get(prefix + letters.get(i)).read(0, channels, values, i * channels);
    }
    String name = prefix.substring(0, prefix.length() - 2) + "x_rwkvag";
    return Tensor.of(name, Shape.of(letters.size(), 1, channels), values);
  }

  /** With the last two axes swapped. */
  static Tensor swapped(Tensor tensor) {
    int rank = tensor.shape().rank();
    List<Long> sizes = new ArrayList<>(tensor.shape().sizes());
    int rows = sizes.get(rank - 2).intValue();
    int columns = sizes.get(rank - 1).intValue();
    float[] from = tensor.toFloats();
    float[] to = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      int within = i % (rows * columns);
      to[i - within + within % columns * rows + within / columns] = from[i];
    }
    sizes.set(rank - 2, (long) columns);
    sizes.set(rank - 1, (long) rows);
    return Tensor.of(tensor.name(), new Shape(sizes), to);
  }

  private static Tensor flat(Tensor tensor) {
    return tensor.reshaped(Shape.of(tensor.count()));
  }

  private static Tensor mapped(Tensor tensor, DoubleUnaryOperator f) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) f.applyAsDouble(values[i]);
    }
    return Tensor.of(tensor.name(), tensor.shape(), values);
  }
}
