package rwkv.engine.train.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.model.Version;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.DecayPreset;
import rwkv.engine.train.ModelPlan;
import tools.jackson.databind.node.ObjectNode;

/**
 * The model that a training begins with, as its configuration has it.
 *
 * @param plan but for the vocabulary, which may follow from the task
 * @param vocabulary tokens, or 0 for as many as the task has
 * @param decay a formula or a file, as written
 * @param curve what that says
 */
public record ModelChoice(ModelPlan plan, int vocabulary, String decay, DecayCurve curve) {

  private static final int MOST = 1 << 20;
  private static final List<String> FIELDS =
      List.of("version", "layers", "embd", "head_size", "ffn", "ranks", "vocabulary", "decay");

  static ModelChoice read(ConfigNode node) {
    node.allow(FIELDS);
    String number = node.text("version");
    try {
      Version version = ModelPlan.version(number == null ? "7" : number);
      int layers = node.required("layers", 1, MOST);
      int channels = node.required("embd", 1, MOST);
      int headSize = (int) node.whole("head_size", ModelPlan.HEAD_SIZE, 1, MOST);
      if (version == Version.V4 && node.has("head_size")) {
        throw node.problem("field model.head_size: RWKV-4 has no heads");
      }
      ModelPlan plan = ModelPlan.of(version, layers, channels, headSize);
      if (node.has("ffn")) {
        plan = plan.withFfnChannels(node.required("ffn", 1, MOST));
      }
      ConfigNode ranks = node.object("ranks");
      if (ranks != null) {
        plan = plan.withRanks(ranks(ranks, plan));
      }
      int vocabulary = (int) node.whole("vocabulary", 0, 1, MOST);
      String decay = node.text("decay");
      String formula = decay == null ? DecayPreset.OFFICIAL : decay;
      return new ModelChoice(plan, vocabulary, formula, curve(node, formula, plan));
    } catch (IllegalArgumentException e) {
      throw node.problem("field model: " + e.getMessage());
    }
  }

  private static Map<String, Integer> ranks(ConfigNode node, ModelPlan plan) {
    node.allow(plan.ranks().keySet().stream().sorted().toList());
    Map<String, Integer> ranks = new LinkedHashMap<>();
    for (String name : node.json().propertyNames()) {
      ranks.put(name, node.required(name, 1, MOST));
    }
    return ranks;
  }

  /** A formula as in {@code official7:zigzag=2}, or a file of the decay lab. */
  private static DecayCurve curve(ConfigNode node, String decay, ModelPlan plan) {
    DecayCurve curve;
    if (decay.endsWith(".json")) {
      Path file = Path.of(decay);
      if (!Files.exists(file)) {
        throw node.problem("field model.decay: there is no file " + decay);
      }
      curve = DecayFile.load(file).curve();
    } else {
      curve = DecayPreset.parse(decay, plan.version()).curve(plan.decays());
    }
    curve.requireFor(plan.decays());
    return curve;
  }

  /** The plan for a task of so many tokens. */
  ModelPlan planFor(int tokens) {
    if (vocabulary != 0 && vocabulary < tokens) {
      throw new IllegalArgumentException(
          "field model.vocabulary is %d, but the task has %d tokens".formatted(vocabulary, tokens));
    }
    return plan.withVocabulary(vocabulary == 0 ? tokens : vocabulary);
  }

  void write(ObjectNode json) {
    json.put("version", ModelPlan.number(plan.version()));
    json.put("layers", plan.layers()).put("embd", plan.channels());
    if (plan.version().hasHeads()) {
      json.put("head_size", plan.headSize());
    }
    json.put("ffn", plan.ffnChannels());
    if (!plan.ranks().isEmpty()) {
      ObjectNode ranks = json.putObject("ranks");
      plan.ranks().keySet().stream()
          .sorted()
          .forEach(name -> ranks.put(name, plan.ranks().get(name)));
    }
    if (vocabulary != 0) {
      json.put("vocabulary", vocabulary);
    }
    json.put("decay", decay);
  }
}
