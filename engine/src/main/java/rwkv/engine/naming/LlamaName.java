package rwkv.engine.naming;

import java.util.List;

/**
 * What llama.cpp calls an official tensor. Names within a block stand without what names the block.
 *
 * @param file as in {@code time_mix_w1.weight}
 * @param official as in {@code att.w1}; several for a tensor whose outermost slices are theirs, in
 *     this order
 * @param swapped whether the last two axes are swapped
 */
public record LlamaName(String file, List<String> official, boolean swapped) {

  public LlamaName {
    official = List.copyOf(official);
  }

  static LlamaName of(String file, String... official) {
    return new LlamaName(file, List.of(official), false);
  }

  static LlamaName swapped(String file, String official) {
    return new LlamaName(file, List.of(official), true);
  }
}
