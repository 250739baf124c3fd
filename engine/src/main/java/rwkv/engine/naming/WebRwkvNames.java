package rwkv.engine.naming;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * web-rwkv's {@code .st} files: official names, but older ones for version 5's bonus and version
 * 6's mixing weights, and low-rank matrices with swapped axes. Its files of version 4 are as the
 * official ones.
 */
final class WebRwkvNames implements Dialect {

  private static final String ATT = "(blocks\\.\\d{1,5}\\.att)\\.";

  private static final Renaming V5 =
      new Renaming(List.of(Rule.of(ATT + "time_first", "$1.time_faaaa")));

  private static final Renaming V6 =
      new Renaming(
          List.of(
              Rule.swapped(ATT + "time_mix_(w[12])", "$1.time_maa_$2"),
              Rule.swapped(ATT + "(time_decay_w[12])", "$1.$2"),
              Rule.of(ATT + "time_first", "$1.time_faaaa"),
              Rule.of(
                  "(blocks\\.\\d{1,5}\\.(?:att|ffn))\\.time_mix_([xwkvrg])", "$1.time_maa_$2")));

  private static final Renaming V7 =
      new Renaming(List.of(Rule.swapped(ATT + "([wavg][12])", "$1.$2")));

  private static final Pattern DOWN = Pattern.compile("blocks\\.\\d+\\.att\\.[wag]1");
  private static final Pattern STATE = Pattern.compile("blocks\\.\\d+\\.att\\.time_state");

  @Override
  public boolean isSpokenBy(Checkpoint checkpoint) {
    Map<String, Tensor> tensors = checkpoint.tensors();
    return tensors.containsKey("blocks.0.att.time_mix_w1")
        || isFive(tensors)
        || hasSwappedLowRanks(tensors);
  }

  @Override
  public Map<String, Part> parts(Checkpoint checkpoint) {
    Map<String, Tensor> tensors = checkpoint.tensors();
    if (isFive(tensors)) {
      return V5.apply(checkpoint);
    }
    for (String name : tensors.keySet()) {
      if (STATE.matcher(name).matches()) {
        throw new CheckpointException(
            checkpoint.path(),
            "tensor %s is an initial state in web-rwkv's layout; open the model and the state as"
                    .formatted(name)
                + " .pth files");
      }
    }
    return (hasSwappedLowRanks(tensors) ? V7 : V6).apply(checkpoint);
  }

  /** A bonus for every channel has had the other name in official files from its beginning. */
  private static boolean isFive(Map<String, Tensor> tensors) {
    Tensor bonus = tensors.get("blocks.0.att.time_first");
    return bonus != null
        && tensors.containsKey("blocks.0.att.gate.weight")
        && !tensors.containsKey("blocks.0.att.time_mix_w1")
        && bonus.shape().squeezed().rank() == 2;
  }

  /** Tells {@code [rank, C]} from {@code [C, rank]} by the first that is not square. */
  private static boolean hasSwappedLowRanks(Map<String, Tensor> tensors) {
    Tensor embedding = tensors.get("emb.weight");
    if (embedding == null || embedding.shape().rank() != 2) {
      return false;
    }
    long channels = embedding.shape().size(1);
    Stream<Shape> downs =
        tensors.entrySet().stream()
            .filter(entry -> DOWN.matcher(entry.getKey()).matches())
            .map(entry -> entry.getValue().shape())
            .filter(shape -> shape.rank() == 2 && shape.size(0) != shape.size(1));
    return downs
        .findFirst()
        .filter(shape -> shape.size(0) != channels && shape.size(1) == channels)
        .isPresent();
  }
}
