package rwkv.engine.naming;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * rwkv.cpp's {@code .bin} files: official names, but decays and bonuses of versions 4 and 5 as the
 * recurrence wants them, low-rank matrices of versions 6 and 7 with swapped axes, and version 7's
 * mixing weights in one tensor.
 */
final class RwkvCppNames implements Dialect {

  private static final String ATT = "(blocks\\.\\d{1,5}\\.att)\\.";

  private static final Renaming V4 =
      new Renaming(List.of(Rule.formed(ATT + "time_decay", Form.NEGATIVE_EXP, "$1.time_decay")));

  private static final Renaming V5 =
      new Renaming(
          List.of(
              Rule.formed(ATT + "time_decay", Form.EXP_NEGATIVE_EXP, "$1.time_decay"),
              Rule.formed(ATT + "time_first", Form.EXP, "$1.time_first")));

  private static final Renaming V6 =
      new Renaming(List.of(Rule.swapped(ATT + "(time_maa_w[12]|time_decay_w[12])", "$1.$2")));

  private static final Renaming V7 =
      new Renaming(
          List.of(
              Rule.of(ATT + "x_rwkvag", "$1.x_r", "$1.x_w", "$1.x_k", "$1.x_v", "$1.x_a", "$1.x_g"),
              Rule.swapped(ATT + "([wavg][12])", "$1.$2")));

  private static final Pattern PER_HEAD =
      Pattern.compile("blocks\\.\\d+\\.att\\.time_(decay|first|faaaa)");
  private static final Pattern DECAY = Pattern.compile("blocks\\.\\d+\\.att\\.time_decay");

  @Override
  public boolean isSpokenBy(Checkpoint checkpoint) {
    return checkpoint.format().startsWith("rwkv.cpp");
  }

  @Override
  public Map<String, Part> parts(Checkpoint checkpoint) {
    checkHeader(checkpoint);
    Renaming renaming = renaming(checkpoint);
    Map<String, Part> parts = renaming.apply(checkpoint);
    Tensor embedding = checkpoint.tensors().get("emb.weight");
    if (embedding != null && embedding.shape().rank() == 2 && renaming != V4) {
      long channels = embedding.shape().size(1);
      boolean six = renaming == V6;
      parts.replaceAll((name, part) -> {
        if (six && DECAY.matcher(name).matches()) {
          return part.reshaped(Shape.of(1, 1, part.tensor().count()));
        }
        return PER_HEAD.matcher(name).matches() ? perHead(part, channels) : part;
      });
    }
    return parts;
  }

  private static Renaming renaming(Checkpoint checkpoint) {
    Set<String> names = checkpoint.tensors().keySet();
    if (names.contains("blocks.0.att.r_k")) {
      return V7;
    }
    if (names.contains("blocks.0.att.time_maa_x")) {
      return V6;
    }
    return names.contains("blocks.0.att.ln_x.weight") ? V5 : V4;
  }

  /** Takes the ones from the end of {@code [H,1,1]} and {@code [H,N,1]}. */
  private static Part perHead(Part part, long channels) {
    List<Long> sizes = part.tensor().shape().sizes();
    int rank = sizes.size();
    while (rank > 1 && sizes.get(rank - 1) == 1) {
      rank--;
    }
    Shape shape = new Shape(sizes.subList(0, rank));
    // One head only: rwkv.cpp's converter has squeezed it away.
    boolean oneHead = rank == 1 && shape.size(0) == channels;
    return part.reshaped(oneHead ? Shape.of(1, channels) : shape);
  }

  /** The header's sizes are those of the tensors, or the file is not what it says. */
  private static void checkHeader(Checkpoint checkpoint) {
    Tensor embedding = checkpoint.tensors().get("emb.weight");
    if (embedding != null && embedding.shape().rank() == 2) {
      check(checkpoint, "n_vocab", embedding.shape().size(0), "rows of emb.weight");
      check(checkpoint, "n_embed", embedding.shape().size(1), "columns of emb.weight");
    }
    long layers =
        checkpoint.tensors().keySet().stream()
            .filter(name -> name.matches("blocks\\.\\d{1,5}\\.ln1\\.weight"))
            .count();
    check(checkpoint, "n_layer", layers, "layers");
  }

  private static void check(Checkpoint checkpoint, String key, long found, String what) {
    String expected = checkpoint.metadata().get("rwkv.cpp." + key);
    if (expected != null && !expected.equals(String.valueOf(found))) {
      throw new CheckpointException(
          checkpoint.path(),
          "the header says %s %s, but the file has %d %s".formatted(key, expected, found, what));
    }
  }
}
