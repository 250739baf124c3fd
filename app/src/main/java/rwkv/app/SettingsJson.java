package rwkv.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rwkv.app.Settings.Bounds;
import rwkv.app.theme.Theme;
import rwkv.engine.sampling.SamplerSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Settings as JSON. What is missing or no good is taken from a fresh start, one by one. */
final class SettingsJson {

  private static final Settings FIRST = Settings.FIRST;

  private SettingsJson() {}

  static ObjectNode write(Settings settings) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Bounds window = settings.window();
    if (window != null) {
      ObjectNode node = json.putObject("window");
      node.put("x", window.x()).put("y", window.y());
      node.put("width", window.width()).put("height", window.height());
      node.put("maximized", window.maximized());
    }
    json.put("theme", settings.theme().name());
    ObjectNode dividers = json.putObject("dividers");
    settings.dividers().forEach((name, at) -> at.forEach(dividers.putArray(name)::add));
    settings.hidden().forEach(json.putArray("hidden")::add);
    write(json.putObject("sampler"), settings.sampler());
    json.put("pace", Double.isInfinite(settings.pace()) ? 0 : settings.pace());
    json.put("maxTokens", settings.maxTokens() == Integer.MAX_VALUE ? 0 : settings.maxTokens());
    json.put("template", settings.template());
    settings.chatTemplates().forEach(json.putObject("chatTemplates")::put);
    json.put("samplerShown", settings.samplerShown());
    put(json, "lastModel", settings.lastModel());
    put(json, "lastFolder", settings.lastFolder());
    ArrayNode recents = json.putArray("recents");
    settings.recents().forEach(file -> recents.add(file.toString()));
    json.put("device", settings.device());
    ObjectNode devices = json.putObject("devices");
    settings.devices().forEach((file, id) -> devices.put(file.toString(), id));
    return json;
  }

  static Settings read(JsonNode json) {
    double pace = json.path("pace").asDouble(FIRST.pace());
    int most = json.path("maxTokens").asInt(FIRST.maxTokens());
    return new Settings(
        bounds(json.path("window")),
        json.path("theme").asString("").equals(Theme.DARK.name()) ? Theme.DARK : Theme.LIGHT,
        dividers(json.path("dividers")),
        strings(json.path("hidden")),
        sampler(json.path("sampler")),
        pace >= 1 ? pace : Double.POSITIVE_INFINITY,
        most > 0 ? most : Integer.MAX_VALUE,
        json.path("template").asString(FIRST.template()),
        words(json.path("chatTemplates")),
        json.path("samplerShown").asBoolean(false),
        path(json.path("lastModel")),
        path(json.path("lastFolder")),
        strings(json.path("recents")).stream().map(Path::of).toList(),
        device(json.path("device")),
        devices(json.path("devices")));
  }

  private static void write(ObjectNode json, SamplerSettings sampler) {
    json.put("temperature", sampler.temperature()).put("topK", sampler.topK());
    json.put("topP", sampler.topP()).put("minP", sampler.minP());
    json.put("presencePenalty", sampler.presencePenalty());
    json.put("frequencyPenalty", sampler.frequencyPenalty());
    json.put("penaltyDecay", sampler.penaltyDecay()).put("seed", sampler.seed());
  }

  private static SamplerSettings sampler(JsonNode json) {
    SamplerSettings first = FIRST.sampler();
    try {
      return new SamplerSettings(
          json.path("temperature").asDouble(first.temperature()),
          json.path("topK").asInt(first.topK()),
          json.path("topP").asDouble(first.topP()),
          json.path("minP").asDouble(first.minP()),
          json.path("presencePenalty").asDouble(first.presencePenalty()),
          json.path("frequencyPenalty").asDouble(first.frequencyPenalty()),
          json.path("penaltyDecay").asDouble(first.penaltyDecay()),
          Set.of(),
          json.path("seed").asLong(first.seed()));
    } catch (IllegalArgumentException e) {
      return first;
    }
  }

  private static @Nullable Bounds bounds(JsonNode json) {
    double width = json.path("width").asDouble(0);
    double height = json.path("height").asDouble(0);
    return width < 1 || height < 1
        ? null
        : new Bounds(
            json.path("x").asDouble(0),
            json.path("y").asDouble(0),
            width,
            height,
            json.path("maximized").asBoolean(false));
  }

  private static Map<String, List<Double>> dividers(JsonNode json) {
    Map<String, List<Double>> dividers = new HashMap<>();
    json.properties()
        .forEach(entry -> {
          List<Double> at = new ArrayList<>();
          entry.getValue().forEach(value -> at.add(Math.clamp(value.asDouble(0.5), 0, 1)));
          dividers.put(entry.getKey(), at);
        });
    return dividers;
  }

  private static Map<String, String> words(JsonNode json) {
    Map<String, String> words = new HashMap<>();
    json.properties().forEach(entry -> words.put(entry.getKey(), entry.getValue().asString("")));
    return words;
  }

  private static String device(JsonNode json) {
    String id = json.asString("");
    return id.isBlank() ? FIRST.device() : id;
  }

  private static Map<Path, String> devices(JsonNode json) {
    Map<Path, String> devices = new HashMap<>();
    words(json)
        .forEach((file, id) -> {
          if (!id.isBlank()) {
            devices.put(Path.of(file), id);
          }
        });
    return devices;
  }

  private static List<String> strings(JsonNode json) {
    List<String> strings = new ArrayList<>();
    json.forEach(value -> strings.add(value.asString("")));
    strings.removeIf(String::isBlank);
    return strings;
  }

  private static void put(ObjectNode json, String name, @Nullable Path path) {
    if (path != null) {
      json.put(name, path.toString());
    }
  }

  private static @Nullable Path path(JsonNode json) {
    String text = json.asString("");
    return text.isBlank() ? null : Path.of(text);
  }
}
