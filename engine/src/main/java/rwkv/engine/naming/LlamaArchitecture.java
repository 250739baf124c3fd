package rwkv.engine.naming;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The versions of RWKV that llama.cpp has, and its names for their tensors in GGUF files. Low-rank
 * matrices are stored with swapped axes, mixing weights of a block in one tensor.
 */
public enum LlamaArchitecture {
  /** Mixing weights lie together in the order w, k, v, r, g. */
  RWKV6(
      List.of(
          LlamaName.of("time_mix_lerp_x.weight", "att.time_maa_x"),
          LlamaName.of(
              "time_mix_lerp_fused.weight",
              "att.time_maa_w",
              "att.time_maa_k",
              "att.time_maa_v",
              "att.time_maa_r",
              "att.time_maa_g"),
          LlamaName.swapped("time_mix_w1.weight", "att.time_maa_w1"),
          LlamaName.swapped("time_mix_w2.weight", "att.time_maa_w2"),
          LlamaName.of("time_mix_decay.weight", "att.time_decay"),
          LlamaName.swapped("time_mix_decay_w1.weight", "att.time_decay_w1"),
          LlamaName.swapped("time_mix_decay_w2.weight", "att.time_decay_w2"),
          LlamaName.of("time_mix_first.weight", "att.time_faaaa"),
          LlamaName.of("time_mix_gate.weight", "att.gate.weight"),
          LlamaName.of("channel_mix_lerp_k.weight", "ffn.time_maa_k"),
          LlamaName.of("channel_mix_lerp_r.weight", "ffn.time_maa_r"),
          LlamaName.of("channel_mix_receptance.weight", "ffn.receptance.weight"))),

  /** Mixing weights lie together in the order r, w, k, v, a, g. */
  RWKV7(
      List.of(
          LlamaName.of(
              "time_mix_lerp_fused.weight",
              "att.x_r",
              "att.x_w",
              "att.x_k",
              "att.x_v",
              "att.x_a",
              "att.x_g"),
          LlamaName.of("time_mix_w0.weight", "att.w0"),
          LlamaName.swapped("time_mix_w1.weight", "att.w1"),
          LlamaName.swapped("time_mix_w2.weight", "att.w2"),
          LlamaName.of("time_mix_a0.weight", "att.a0"),
          LlamaName.swapped("time_mix_a1.weight", "att.a1"),
          LlamaName.swapped("time_mix_a2.weight", "att.a2"),
          LlamaName.of("time_mix_v0.weight", "att.v0"),
          LlamaName.swapped("time_mix_v1.weight", "att.v1"),
          LlamaName.swapped("time_mix_v2.weight", "att.v2"),
          LlamaName.swapped("time_mix_g1.weight", "att.g1"),
          LlamaName.swapped("time_mix_g2.weight", "att.g2"),
          LlamaName.of("time_mix_k_k.weight", "att.k_k"),
          LlamaName.of("time_mix_k_a.weight", "att.k_a"),
          LlamaName.of("time_mix_r_k.weight", "att.r_k"),
          LlamaName.of("channel_mix_lerp_k.weight", "ffn.x_k")));

  private static final List<LlamaName> OUTSIDE_BLOCKS =
      List.of(
          LlamaName.of("token_embd.weight", "emb.weight"),
          LlamaName.of("token_embd_norm.weight", "blocks.0.ln0.weight"),
          LlamaName.of("token_embd_norm.bias", "blocks.0.ln0.bias"),
          LlamaName.of("output_norm.weight", "ln_out.weight"),
          LlamaName.of("output_norm.bias", "ln_out.bias"),
          LlamaName.of("output.weight", "head.weight"));

  private static final List<LlamaName> IN_ALL_BLOCKS =
      List.of(
          LlamaName.of("attn_norm.weight", "ln1.weight"),
          LlamaName.of("attn_norm.bias", "ln1.bias"),
          LlamaName.of("attn_norm_2.weight", "ln2.weight"),
          LlamaName.of("attn_norm_2.bias", "ln2.bias"),
          LlamaName.of("time_mix_receptance.weight", "att.receptance.weight"),
          LlamaName.of("time_mix_key.weight", "att.key.weight"),
          LlamaName.of("time_mix_value.weight", "att.value.weight"),
          LlamaName.of("time_mix_output.weight", "att.output.weight"),
          LlamaName.of("time_mix_ln.weight", "att.ln_x.weight"),
          LlamaName.of("time_mix_ln.bias", "att.ln_x.bias"),
          LlamaName.of("channel_mix_key.weight", "ffn.key.weight"),
          LlamaName.of("channel_mix_value.weight", "ffn.value.weight"));

  private final List<LlamaName> own;

  LlamaArchitecture(List<LlamaName> own) {
    this.own = own;
  }

  /** As {@code general.architecture} has it. */
  public String id() {
    return this == RWKV6 ? "rwkv6" : "rwkv7";
  }

  static Optional<LlamaArchitecture> of(String id) {
    return Stream.of(values()).filter(one -> one.id().equals(id)).findFirst();
  }

  /** The tensors that there are once, under whole names. */
  public List<LlamaName> outsideBlocks() {
    return OUTSIDE_BLOCKS;
  }

  /** The tensors of every block. */
  public List<LlamaName> inBlocks() {
    return Stream.concat(IN_ALL_BLOCKS.stream(), own.stream()).toList();
  }

  /** How a file's names become official ones. */
  Renaming renaming() {
    List<Rule> rules = new ArrayList<>();
    if (this == RWKV7) {
      // llama.cpp wants a value residual in block 0 too, which nothing uses.
      rules.add(Rule.of("blk\\.0\\.time_mix_v[012]\\.weight"));
    } else {
      // Files from before the mixing weights were joined.
      rules.add(
          Rule.of(
              "blk\\.(\\d{1,5})\\.time_mix_lerp_([wkvrg])\\.weight", "blocks.$1.att.time_maa_$2"));
    }
    for (LlamaName name : OUTSIDE_BLOCKS) {
      rules.add(rule("", "", name));
    }
    for (LlamaName name : inBlocks()) {
      rules.add(rule("blk\\.(\\d{1,5})\\.", "blocks.$1.", name));
    }
    return new Renaming(rules);
  }

  private static Rule rule(String before, String official, LlamaName name) {
    return new Rule(
        Pattern.compile(before + Pattern.quote(name.file())),
        name.official().stream().map(official::concat).toList(),
        name.swapped(),
        Form.OFFICIAL);
  }
}
