package rwkv.app.probing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, none of which is trusted.
 *
 * @param where for messages, as in {@code run.json, field model}
 */
record JsonFields(JsonNode node, String where) {

  /** The object itself, else a failure. */
  static JsonFields of(JsonNode node, String where) throws IOException {
    if (!node.isObject()) {
      throw new IOException(where + ": expected an object in braces");
    }
    return new JsonFields(node, where);
  }

  private IOException refused(String name, String expected) {
    JsonNode value = node.get(name);
    String found = value == null ? "is missing" : "is of another kind";
    return new IOException("%s: field %s %s, expected %s".formatted(where, name, found, expected));
  }

  JsonFields object(String name) throws IOException {
    return of(node.path(name), where + ", field " + name);
  }

  List<JsonFields> objects(String name) throws IOException {
    JsonNode list = node.path(name);
    if (!list.isArray()) {
      throw refused(name, "a list");
    }
    List<JsonFields> objects = new ArrayList<>();
    for (JsonNode each : list) {
      objects.add(of(each, "%s, field %s[%d]".formatted(where, name, objects.size())));
    }
    return objects;
  }

  String text(String name) throws IOException {
    JsonNode value = node.path(name);
    if (!value.isString()) {
      throw refused(name, "a text");
    }
    return value.asString();
  }

  @Nullable String optionalText(String name) throws IOException {
    return isThere(name) ? text(name) : null;
  }

  boolean isThere(String name) {
    JsonNode value = node.get(name);
    return value != null && !value.isNull();
  }

  boolean flag(String name) throws IOException {
    JsonNode value = node.path(name);
    if (!value.isBoolean()) {
      throw refused(name, "true or false");
    }
    return value.asBoolean();
  }

  int count(String name) throws IOException {
    JsonNode value = node.path(name);
    if (!value.isInt() || value.asInt() < 0) {
      throw refused(name, "a whole number of 0 or more");
    }
    return value.asInt();
  }

  long whole(String name) throws IOException {
    JsonNode value = node.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw refused(name, "a whole number");
    }
    return value.asLong();
  }

  double real(String name) throws IOException {
    return real(node.path(name), name);
  }

  private double real(JsonNode value, String name) throws IOException {
    if (value.isNumber()) {
      return value.asDouble();
    }
    return switch (value.isString() ? value.asString() : "") {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw refused(name, "a number");
    };
  }

  /** Every field of an object as a number. */
  Map<String, Double> reals() throws IOException {
    Map<String, Double> reals = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      reals.put(field.getKey(), real(field.getValue(), field.getKey()));
    }
    return reals;
  }

  /** Every field of an object as a whole number, a number, a text or a list of numbers. */
  Map<String, Object> values() throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      values.put(field.getKey(), value(field.getValue(), field.getKey()));
    }
    return values;
  }

  private Object value(JsonNode value, String name) throws IOException {
    if (value.isArray()) {
      List<Object> list = new ArrayList<>();
      for (JsonNode each : value) {
        list.add(number(each, name));
      }
      return List.copyOf(list);
    }
    return value.isString() ? value.asString() : number(value, name);
  }

  private Object number(JsonNode value, String name) throws IOException {
    if (value.isInt()) {
      return value.asInt();
    }
    if (value.isNumber()) {
      return value.asDouble();
    }
    throw refused(name, "a number");
  }
}
