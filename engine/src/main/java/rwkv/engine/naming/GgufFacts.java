package rwkv.engine.naming;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.tensor.Tensor;

/**
 * What a GGUF file's metadata says of its model, checked against its tensors.
 *
 * @param headSize of the WKV state
 * @param rescale after how many layers the residual is halved; 0 for never
 */
record GgufFacts(LlamaArchitecture architecture, int headSize, int rescale) {

  static final String ARCHITECTURE = "general.architecture";
  private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,5})\\..*");

  /**
   * @throws CheckpointException if the model is none of RWKV, is only a piece of one, or the
   *     metadata says something else than the tensors
   */
  static GgufFacts of(Checkpoint checkpoint) {
    String id = checkpoint.metadata().getOrDefault(ARCHITECTURE, "unknown");
    LlamaArchitecture architecture =
        LlamaArchitecture.of(id).orElseThrow(() -> unknown(checkpoint, id));
    int pieces = number(checkpoint, "split.count", 1);
    if (pieces > 1) {
      throw problem(
          checkpoint,
          "is one of %d pieces of a model; join them with 'llama-gguf-split --merge'",
          pieces);
    }
    int channels = number(checkpoint, id + ".embedding_length", -1);
    int headSize = number(checkpoint, id + ".wkv.head_size", -1);
    if (headSize < 1 || channels % headSize != 0) {
      throw problem(
          checkpoint,
          "metadata entry %s.wkv.head_size is %d, expected a divisor of embedding_length, %d",
          id,
          headSize,
          channels);
    }
    check(checkpoint, "token_embd.weight", 1, id + ".embedding_length");
    check(checkpoint, "blk.0.channel_mix_key.weight", 0, id + ".feed_forward_length");
    checkLayers(checkpoint, id + ".block_count");
    int rescale = number(checkpoint, id + ".rescale_every_n_layers", 0);
    return new GgufFacts(
        architecture, headSize, architecture == LlamaArchitecture.RWKV6 ? rescale : 0);
  }

  private static CheckpointException unknown(Checkpoint checkpoint, String id) {
    return problem(
        checkpoint,
        "holds a model of the architecture %s; of GGUF files those of %s can be opened",
        id.length() > 40 ? id.substring(0, 40) + "…" : id,
        Stream.of(LlamaArchitecture.values())
            .map(LlamaArchitecture::id)
            .collect(Collectors.joining(" and ")));
  }

  private static void check(Checkpoint checkpoint, String name, int dimension, String key) {
    Tensor tensor = checkpoint.tensors().get(name);
    if (tensor == null || tensor.shape().rank() != 2) {
      // Missing and misshapen tensors are found by who needs them.
      return;
    }
    long found = tensor.shape().size(dimension);
    if (checkpoint.metadata().containsKey(key) && number(checkpoint, key, -1) != found) {
      throw problem(
          checkpoint,
          "metadata entry %s is %d, but tensor %s has the shape %s",
          key,
          number(checkpoint, key, -1),
          name,
          tensor.shape());
    }
  }

  private static void checkLayers(Checkpoint checkpoint, String key) {
    int layers = 0;
    for (String name : checkpoint.tensors().keySet()) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches()) {
        layers = Math.max(layers, Integer.parseInt(block.group(1)) + 1);
      }
    }
    int expected = number(checkpoint, key, -1);
    if (layers != expected) {
      throw problem(
          checkpoint, "metadata entry %s is %d, but the file has %d layers", key, expected, layers);
    }
  }

  /**
   * A count among the metadata.
   *
   * @param absent what to take where it is missing; negative if it must not be
   */
  private static int number(Checkpoint checkpoint, String key, int absent) {
    Map<String, String> metadata = checkpoint.metadata();
    String text = metadata.get(key);
    if (text == null && absent < 0) {
      throw problem(checkpoint, "metadata entry %s is missing", key);
    }
    if (text == null) {
      return absent;
    }
    if (!text.matches("\\d{1,9}")) {
      throw problem(checkpoint, "metadata entry %s should be a count, found %s", key, text);
    }
    return Integer.parseInt(text);
  }

  private static CheckpointException problem(
      Checkpoint checkpoint, String format, Object... values) {
    return new CheckpointException(checkpoint.path(), String.format(format, values));
  }
}
