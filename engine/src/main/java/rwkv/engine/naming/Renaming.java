package rwkv.engine.naming;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * Applies a dialect's rules. Of several that match a name the first counts; a name that none
 * matches stays.
 */
record Renaming(List<Rule> rules) {

  Renaming {
    rules = List.copyOf(rules);
  }

  /**
   * The file's tensors by official name.
   *
   * @throws CheckpointException if a tensor does not consist of the slices that it should, or two
   *     stand for the same official one
   */
  Map<String, Part> apply(Checkpoint checkpoint) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : checkpoint.tensors().entrySet()) {
      named(checkpoint, entry.getKey(), entry.getValue())
          .forEach((name, part) -> {
            Part other = parts.putIfAbsent(name, part);
            if (other != null) {
              throw new CheckpointException(
                  checkpoint.path(),
                  "tensors %s and %s both stand for %s"
                      .formatted(other.tensor().name(), part.tensor().name(), name));
            }
          });
    }
    return parts;
  }

  private Map<String, Part> named(Checkpoint checkpoint, String name, Tensor tensor) {
    for (Rule rule : rules) {
      Matcher matcher = rule.from().matcher(name);
      if (matcher.matches()) {
        return applied(checkpoint, rule, matcher, tensor);
      }
    }
    return Map.of(name, Part.official(tensor));
  }

  private static Map<String, Part> applied(
      Checkpoint checkpoint, Rule rule, Matcher matcher, Tensor tensor) {
    Map<String, Part> parts = new LinkedHashMap<>();
    int slices = rule.to().size();
    for (int i = 0; i < slices; i++) {
      Tensor slice = slices == 1 ? tensor : slice(checkpoint, tensor, i, slices);
      String official = expand(rule.to().get(i), matcher);
      parts.put(official, new Part(slice, rule.swapped(), rule.form(), 0));
    }
    return parts;
  }

  private static String expand(String template, Matcher matcher) {
    String expanded = template;
    for (int group = 1; group <= matcher.groupCount(); group++) {
      expanded = expanded.replace("$" + group, String.valueOf(matcher.group(group)));
    }
    return expanded;
  }

  /** One of the vectors that a tensor {@code [slices, …, C]} consists of. */
  private static Tensor slice(Checkpoint checkpoint, Tensor tensor, int index, int slices) {
    Shape shape = tensor.shape();
    if (shape.rank() < 2 || shape.size(0) != slices || shape.squeezed().rank() > 2) {
      throw new CheckpointException(
          checkpoint.path(),
          "tensor %s should consist of %d vectors, found the shape %s"
              .formatted(tensor.name(), slices, shape));
    }
    return tensor.slices(index, 1).reshaped(Shape.of(1, 1, shape.count() / slices));
  }
}
