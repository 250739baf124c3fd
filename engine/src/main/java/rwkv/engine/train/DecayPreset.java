package rwkv.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import rwkv.engine.model.Version;

/** The formulas by name, with their constants and what they are officially. */
public enum DecayPreset {
  OFFICIAL_4("official4", "RWKV-4", powerLaw(-5, 8)) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.PowerLaw(c[0], c[1], c[2], c[3]);
    }
  },
  OFFICIAL_5("official5", "RWKV-5 and RWKV-6", powerLaw(-6, 5)) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.PowerLaw(c[0], c[1], c[2], c[3]);
    }
  },
  OFFICIAL_7(
      "official7",
      "RWKV-7",
      List.of(
          new Constant("from", -6),
          new Constant("span", 6),
          new Constant("exponent", 1),
          new Constant("depth", 0.3),
          new Constant("shift", 0.5),
          new Constant("zigzag", 2.5))) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.Zigzag(c[0], c[1], c[2], c[3], c[4], c[5]);
    }
  },
  LINEAR(
      "linear",
      "Linear in the parameter",
      List.of(new Constant("first", -6), new Constant("last", 0))) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.Linear(c[0], c[1]);
    }
  },
  LOG_UNIFORM(
      "log-uniform",
      "Log-uniform half-lives",
      List.of(new Constant("first", 1000), new Constant("last", 2))) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.LogUniform(c[0], c[1]);
    }
  },
  CONSTANT("constant", "One half-life", List.of(new Constant("tokens", 100))) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.Constant(c[0]);
    }
  },
  CONSTANT_RAW("constant-raw", "One parameter", List.of(new Constant("value", -5))) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.ConstantRaw(c[0]);
    }
  },
  RANDOM(
      "random",
      "Random half-lives",
      List.of(
          new Constant("shortest", 2), new Constant("longest", 1000), new Constant("seed", 0))) {
    @Override
    DecayFormula make(double... c) {
      return new DecayFormula.Random(c[0], c[1], (long) c[2]);
    }
  };

  /** What stands for the formula of the model's own version. */
  public static final String OFFICIAL = "official";

  private final String id;
  private final String title;
  private final List<Constant> constants;

  /**
   * A number in a formula.
   *
   * @param name as in {@code zigzag}
   * @param value what it is unless it is given
   */
  public record Constant(String name, double value) {}

  DecayPreset(String id, String title, List<Constant> constants) {
    this.id = id;
    this.title = title;
    this.constants = constants;
  }

  private static List<Constant> powerLaw(double from, double span) {
    return List.of(
        new Constant("from", from),
        new Constant("span", span),
        new Constant("exponent", 0.7),
        new Constant("depth", 1.3));
  }

  /** The formula with these constants, in order. */
  abstract DecayFormula make(double... c);

  /** As in {@code official7}. */
  public String id() {
    return id;
  }

  /** For people. */
  public String title() {
    return title;
  }

  /** Its constants in order. */
  public List<Constant> constants() {
    return constants;
  }

  /** The formula with the constants that it has unless others are given. */
  public DecayFormula formula() {
    return formula(Map.of());
  }

  /**
   * The formula with some constants given.
   *
   * @param given by name
   * @throws IllegalArgumentException if it has no constant of a name, or not that number
   */
  public DecayFormula formula(Map<String, Double> given) {
    for (String name : given.keySet()) {
      if (constants.stream().noneMatch(constant -> constant.name.equals(name))) {
        throw new IllegalArgumentException(
            "the decay formula %s has no constant '%s', only %s".formatted(id, name, names()));
      }
    }
    return make(constants.stream().mapToDouble(c -> given.getOrDefault(c.name, c.value)).toArray());
  }

  private String names() {
    return constants.stream().map(Constant::name).collect(Collectors.joining(", "));
  }

  /** What the version's official trainer begins with. */
  public static DecayPreset official(Version version) {
    return switch (version) {
      case V4 -> OFFICIAL_4;
      case V5_0, V5_1, V5_2, V6 -> OFFICIAL_5;
      case V7, V7A, V7B, V8_ROSA_7 -> OFFICIAL_7;
      case V8_ROSA -> throw new IllegalArgumentException(version.title() + " has no decay");
    };
  }

  /**
   * The formula that a text names: {@code NAME} or {@code NAME:constant=value,constant=value}, the
   * name being one of {@link #id} or {@link #OFFICIAL}.
   *
   * @param version whose formula the official one is
   * @throws IllegalArgumentException in one sentence, if the text names none
   */
  public static DecayFormula parse(String text, Version version) {
    String[] parts = text.strip().split(":", 2);
    DecayPreset preset = named(parts[0].strip(), version);
    Map<String, Double> given = new LinkedHashMap<>();
    if (parts.length == 2) {
      for (String setting : parts[1].split(",")) {
        String[] pair = setting.split("=", 2);
        if (pair.length != 2 || given.put(pair[0].strip(), number(pair[0], pair[1])) != null) {
          throw new IllegalArgumentException(
              "'%s' in the decay formula '%s': expected constant=value, each constant once"
                  .formatted(setting, text));
        }
      }
    }
    return preset.formula(given);
  }

  private static DecayPreset named(String name, Version version) {
    if (name.equals(OFFICIAL)) {
      return official(version);
    }
    for (DecayPreset preset : values()) {
      if (preset.id.equals(name)) {
        return preset;
      }
    }
    List<String> names = new ArrayList<>(List.of(OFFICIAL));
    Arrays.stream(values()).map(DecayPreset::id).forEach(names::add);
    throw new IllegalArgumentException(
        "there is no decay formula '%s'; there are %s".formatted(name, String.join(", ", names)));
  }

  private static double number(String name, String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the constant %s of a decay formula is '%s', expected a number"
              .formatted(name.strip(), text),
          e);
    }
  }
}
