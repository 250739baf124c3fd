package rwkv.engine.model;

import java.util.List;
import java.util.regex.Pattern;

/** What some checkpoints hold that no version computed here has a use for, by tensor name. */
final class Unsupported {

  private record Mark(Pattern names, String what) {}

  private static final List<Mark> MARKS =
      List.of(
          mark("head_[qk]\\..*", "belongs to the copy head of RWKV-4neo"),
          mark("(.*\\.)?tiny_.*", "belongs to the tiny attention of RWKV-4neo"),
          mark(".*\\.ffnPre\\..*", "replaces time mixing in the first block of an RWKV-4neo"),
          mark("(.*\\.)?pos_emb(_.*)?", "is a position embedding of RWKV-4neo"),
          mark(".*\\.att\\.gate_w[12]", "is the low-rank gate of the experimental RWKV-6a"),
          mark(".*\\.att\\.time_maa_rkvw_w[12]", "is of the experimental RWKV-6b or 6c"),
          mark(".*\\.ffn\\.enn\\..*", "is the token table of the draft RWKV-8 rc00"),
          mark(
              ".*\\.qkv\\.(kk|kkup|vv|vvup|ennk|emm)\\..*",
              "belongs to the attention of the draft RWKV-8 rc00-hybrid"));

  private Unsupported() {}

  private static Mark mark(String names, String what) {
    return new Mark(Pattern.compile(names), what);
  }

  /**
   * Looks for tensors of variants that cannot be run.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException naming the first one and what it belongs to
   */
  static void refuse(Weights weights) {
    for (String name : weights.names()) {
      for (Mark mark : MARKS) {
        if (mark.names.matcher(name).matches()) {
          throw weights.problem("tensor %s %s, which cannot be run", name, mark.what);
        }
      }
    }
  }
}
