package rwkv.engine.naming;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.tensor.Tensor;

/**
 * The names of the published demonstrations of RWKV-8's ROSA, whose blocks are counted from 1:
 * {@code e}, {@code ln1a}, {@code rwkv1}, {@code ln1c}, {@code rosa1}, {@code ln1b}, {@code ffn1},
 * …, {@code lno}, {@code o}.
 */
final class RosaDemoNames implements Dialect {

  private static final Pattern NORM = Pattern.compile("ln([1-9][0-9]{0,3})([abc])\\.(.+)");
  private static final Pattern PART = Pattern.compile("(rwkv|rosa|ffn)([1-9][0-9]{0,3})\\.(.+)");

  private static final Map<String, String> NORMS = Map.of("a", "ln1", "b", "ln2", "c", "ln3");
  private static final Map<String, String> PARTS =
      Map.of("rwkv", "att", "rosa", "rosa", "ffn", "ffn");

  private static final Map<String, String> OTHERS =
      Map.of(
          "e.weight", "emb.weight",
          "lno.weight", "ln_out.weight",
          "lno.bias", "ln_out.bias",
          "o.weight", "head.weight",
          "o.bias", "head.bias");

  @Override
  public boolean isSpokenBy(Checkpoint checkpoint) {
    Map<String, Tensor> tensors = checkpoint.tensors();
    return tensors.containsKey("e.weight") && tensors.containsKey("rosa1.q.weight");
  }

  @Override
  public Map<String, Part> parts(Checkpoint checkpoint) {
    Map<String, Part> parts = new LinkedHashMap<>();
    checkpoint
        .tensors()
        .forEach((name, tensor) -> {
          Part other = parts.putIfAbsent(official(name), Part.official(tensor));
          if (other != null) {
            throw new CheckpointException(
                checkpoint.path(),
                "tensors %s and %s both stand for %s"
                    .formatted(other.tensor().name(), name, official(name)));
          }
        });
    return parts;
  }

  /** The official name, or the same one where there is none. */
  private static String official(String name) {
    String other = OTHERS.get(name);
    if (other != null) {
      return other;
    }
    Matcher norm = NORM.matcher(name);
    if (norm.matches()) {
      return block(norm.group(1)) + NORMS.get(norm.group(2)) + "." + norm.group(3);
    }
    Matcher part = PART.matcher(name);
    if (part.matches()) {
      return block(part.group(2)) + PARTS.get(part.group(1)) + "." + part.group(3);
    }
    return name;
  }

  private static String block(String counted) {
    return "blocks." + (Integer.parseInt(counted) - 1) + ".";
  }
}
