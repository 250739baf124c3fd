package rwkv.engine.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.model.Version;
import tools.jackson.databind.JsonNode;

/** One curve being read. */
record DecayReading(Path file, JsonNode json) {

  DecayCurve.Fitted curve() {
    if (!json.isObject()) {
      throw problem("should hold an object, found " + kind(json));
    }
    JsonNode format = json.path("format");
    if (!format.isString() || !format.asString().equals(DecayFile.FORMAT)) {
      throw problem("is no decay curve: field format should be \"%s\"".formatted(DecayFile.FORMAT));
    }
    refuseUnknown();
    DecayShape shape = shape();
    boolean raw = json.has(DecayFile.RAW);
    if (raw == json.has(DecayFile.HALF_LIVES)) {
      throw problem("should have one of the fields raw and half_lives");
    }
    try {
      return raw
          ? new DecayCurve.Fitted(DecayCurve.of(shape, numbers(DecayFile.RAW, shape)), 0, List.of())
          : DecayCurve.ofHalfLives(shape, numbers(DecayFile.HALF_LIVES, shape));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private void refuseUnknown() {
    for (String name : json.propertyNames()) {
      switch (name) {
        case "format",
            "version",
            "layers",
            "channels",
            "head_size",
            DecayFile.RAW,
            DecayFile.HALF_LIVES -> {}
        default -> {
          String shown =
              DecayFile.oneLine(name.length() <= 40 ? name : name.substring(0, 40) + "…");
          throw problem("has the unknown field '%s'".formatted(shown));
        }
      }
    }
  }

  private DecayShape shape() {
    JsonNode number = json.path("version");
    if (!number.isString()) {
      throw problem("field version should be a text as in \"7\", found %s".formatted(kind(number)));
    }
    try {
      Version version = ModelPlan.version(DecayFile.oneLine(number.asString()));
      int channels = size("channels");
      if (!version.hasHeads() && json.has("head_size")) {
        throw problem("has the field head_size, but RWKV-4 has no heads");
      }
      int headSize = version.hasHeads() ? size("head_size") : channels;
      return new DecayShape(version, size("layers"), channels, headSize);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private int size(String name) {
    JsonNode value = json.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
      throw problem(
          "field %s should be a whole number of at least 1, found %s".formatted(name, kind(value)));
    }
    return value.asInt();
  }

  private double[][] numbers(String field, DecayShape shape) {
    JsonNode layers = json.path(field);
    requireArray(field, layers, shape.layers(), "layers");
    double[][] numbers = new double[layers.size()][];
    for (int layer = 0; layer < numbers.length; layer++) {
      JsonNode values = layers.get(layer);
      String owner = "%s, layer %d,".formatted(field, layer);
      requireArray(owner, values, shape.values(), "decays");
      numbers[layer] = new double[values.size()];
      for (int i = 0; i < values.size(); i++) {
        JsonNode value = values.get(i);
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
          throw problem(
              "field %s should hold finite numbers, found %s at %d"
                  .formatted(owner, value.isNumber() ? value.asDouble() : kind(value), i));
        }
        numbers[layer][i] = value.asDouble();
      }
    }
    return numbers;
  }

  private void requireArray(String owner, JsonNode found, int size, String what) {
    if (!found.isArray() || found.size() != size) {
      throw problem(
          "field %s should be an array of %d %s, found %s"
              .formatted(owner, size, what, found.isArray() ? found.size() : kind(found)));
    }
  }

  private CheckpointException problem(String problem) {
    return new CheckpointException(file, problem);
  }

  private static String kind(JsonNode node) {
    return node.isMissingNode()
        ? "nothing"
        : node.isIntegralNumber()
            ? "a number"
            : "a " + node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
