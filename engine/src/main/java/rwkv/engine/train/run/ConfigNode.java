package rwkv.engine.train.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.CheckpointException;
import tools.jackson.databind.JsonNode;

/**
 * An object in a configuration file, read strictly: every problem names the file and the field.
 *
 * @param owner the field that it is in, with a full stop; empty for the file itself
 */
record ConfigNode(Path file, String owner, JsonNode json) {

  private static final int LONGEST = 60;

  /** The object in a field; null if there is no such field. */
  @Nullable ConfigNode object(String name) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isObject()) {
      throw expected(name, "an object");
    }
    return new ConfigNode(file, owner + name + ".", node);
  }

  /** Refuses fields of other names. */
  void allow(List<String> names) {
    for (String name : json.propertyNames()) {
      if (!names.contains(name)) {
        throw problem(
            "unknown field '%s'; there are %s"
                .formatted(
                    oneLine(owner + name),
                    names.stream().map(each -> owner + each).collect(Collectors.joining(", "))));
      }
    }
  }

  boolean has(String name) {
    return json.has(name);
  }

  long whole(String name, long standard, long least, long most) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      return standard;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.asLong() < least
        || node.asLong() > most) {
      throw expected(name, "a whole number from %d to %d".formatted(least, most));
    }
    return node.asLong();
  }

  /** A whole number that must be there. */
  int required(String name, int least, int most) {
    if (!has(name)) {
      throw problem("field %s is missing".formatted(owner + name));
    }
    return (int) whole(name, 0, least, most);
  }

  double real(String name, double standard) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      return standard;
    }
    if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
      throw expected(name, "a number");
    }
    return node.asDouble();
  }

  /** Two numbers. */
  double[] pair(String name, double first, double second) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      return new double[] {first, second};
    }
    if (!node.isArray() || node.size() != 2 || !node.get(0).isNumber() || !node.get(1).isNumber()) {
      throw expected(name, "two numbers in brackets");
    }
    return new double[] {node.get(0).asDouble(), node.get(1).asDouble()};
  }

  boolean flag(String name, boolean standard) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      return standard;
    }
    if (!node.isBoolean()) {
      throw expected(name, "true or false");
    }
    return node.asBoolean();
  }

  @Nullable String text(String name) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isString() || node.asString().isBlank()) {
      throw expected(name, "a text");
    }
    return node.asString();
  }

  /** One of some texts, the first unless the field is there. */
  String choice(String name, String... choices) {
    String text = text(name);
    if (text == null) {
      return choices[0];
    }
    if (!List.of(choices).contains(text)) {
      throw expected(name, "\"" + String.join("\" or \"", choices) + "\"");
    }
    return text;
  }

  /** All fields but one, as plain values. */
  Map<String, Object> values(String except) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : json.propertyNames()) {
      if (!name.equals(except)) {
        values.put(name, value(json.path(name)));
      }
    }
    return values;
  }

  private static Object value(JsonNode node) {
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(each -> list.add(value(each)));
      return list;
    }
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      return node.asInt();
    }
    if (node.isNumber()) {
      return node.asDouble();
    }
    return node.isString() ? node.asString() : shown(node);
  }

  CheckpointException expected(String name, String what) {
    return problem(
        "field %s is %s, expected %s".formatted(owner + name, shown(json.path(name)), what));
  }

  CheckpointException problem(String problem) {
    return new CheckpointException(file, oneLine(problem));
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= LONGEST
        ? text
        : "a long " + node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
  }
}
