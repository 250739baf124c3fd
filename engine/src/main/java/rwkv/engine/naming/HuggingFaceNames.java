package rwkv.engine.naming;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;

/**
 * The names of Hugging Face's {@code transformers} (RWKV-4, and RWKV-5, 6 and 7 with code of their
 * own) and of flash-linear-attention (RWKV-7). Exports differ in how they call the same module, so
 * each of its names is taken. Only flash-linear-attention's low-rank matrices have their axes
 * swapped.
 */
final class HuggingFaceNames implements Dialect {

  private static final String MODEL = "(?:model|rwkv)\\.";
  private static final String BLOCK = MODEL + "(?:layers|blocks)\\.(\\d{1,5})\\.";
  private static final String ATTENTION =
      BLOCK + "(?:self_attn|attn|attention|att)\\.(?:time_mixer\\.)?";
  private static final String FEED_FORWARD = BLOCK + "(?:ffn|feed_forward)\\.";
  private static final String ATT = "blocks.$1.att.";
  private static final String FFN = "blocks.$1.ffn.";

  private static final Renaming RENAMING =
      new Renaming(
          List.of(
              Rule.of(MODEL + "embeddings\\.weight", "emb.weight"),
              Rule.of(
                  MODEL + "(?:(?:layers|blocks)\\.0\\.)?(?:pre_norm|pre_ln|ln0)\\.(weight|bias)",
                  "blocks.0.ln0.$1"),
              Rule.of(MODEL + "(?:norm|ln_out)\\.(weight|bias)", "ln_out.$1"),
              Rule.of("(?:" + MODEL + ")?(?:lm_head|head)\\.weight", "head.weight"),
              Rule.of(
                  BLOCK + "(?:attn_norm|attention_norm|ln1)\\.(weight|bias)", "blocks.$1.ln1.$2"),
              Rule.of(
                  BLOCK + "(?:ffn_norm|feed_forward_norm|ln2)\\.(weight|bias)", "blocks.$1.ln2.$2"),
              Rule.of(ATTENTION + "(?:g_norm|ln_x)\\.(weight|bias)", ATT + "ln_x.$2"),
              Rule.of(ATTENTION + "(?:r_proj|receptance)\\.weight", ATT + "receptance.weight"),
              Rule.of(ATTENTION + "(?:k_proj|key)\\.weight", ATT + "key.weight"),
              Rule.of(ATTENTION + "(?:v_proj|value)\\.weight", ATT + "value.weight"),
              Rule.of(ATTENTION + "(?:o_proj|output)\\.weight", ATT + "output.weight"),
              Rule.of(ATTENTION + "gate\\.weight", ATT + "gate.weight"),
              Rule.swapped(ATTENTION + "([wavg])_lora\\.lora\\.0\\.weight", ATT + "$21"),
              Rule.swapped(ATTENTION + "([wavg])_lora\\.lora\\.2\\.weight", ATT + "$22"),
              Rule.of(ATTENTION + "([wav])_lora\\.lora\\.2\\.bias", ATT + "$20"),
              Rule.of(
                  ATTENTION + "x_x",
                  ATT + "x_r",
                  ATT + "x_w",
                  ATT + "x_k",
                  ATT + "x_v",
                  ATT + "x_a",
                  ATT + "x_g"),
              Rule.of(
                  ATTENTION + "(x_[rwkvag]|[wav]0|[wavg][12]|k_k|k_a|r_k)(?:\\.weight)?",
                  ATT + "$2"),
              Rule.of(ATTENTION + "time_mix_(k|v|r|g)[a-z]*", ATT + "time_mix_$2"),
              Rule.of(ATTENTION + "(time_[a-z]+(?:_[a-z0-9]+)*)", ATT + "$2"),
              Rule.of(FEED_FORWARD + "x_k(?:\\.weight)?", FFN + "x_k"),
              Rule.of(FEED_FORWARD + "time_mix_(k|r)[a-z]*", FFN + "time_mix_$2"),
              Rule.of(FEED_FORWARD + "(time_[a-z]+(?:_[a-z0-9]+)*)", FFN + "$2"),
              Rule.of(FEED_FORWARD + "(receptance|key|value)\\.weight", FFN + "$2.weight")));

  private static final Pattern ANY = Pattern.compile(MODEL + "(?:layers|blocks|embeddings)\\..*");

  /** flash-linear-attention's RWKV-6 mixes in another order than the official one. */
  private static final Pattern OTHER_ORDER =
      Pattern.compile("model\\.layers\\.\\d+\\.attn\\.x_proj\\..*");

  @Override
  public boolean isSpokenBy(Checkpoint checkpoint) {
    return !checkpoint.tensors().containsKey("emb.weight")
        && checkpoint.tensors().keySet().stream().anyMatch(name -> ANY.matcher(name).matches());
  }

  @Override
  public Map<String, Part> parts(Checkpoint checkpoint) {
    for (String name : checkpoint.tensors().keySet()) {
      if (OTHER_ORDER.matcher(name).matches()) {
        throw new CheckpointException(
            checkpoint.path(),
            "tensor %s is one of flash-linear-attention's RWKV-6, whose layout is not read; open"
                    .formatted(name)
                + " the official .pth of the same model");
      }
    }
    return RENAMING.apply(checkpoint);
  }
}
