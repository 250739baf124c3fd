package rwkv.engine.setting;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A value for every one of some settings. */
public final class Choices {

  private final Map<String, Object> values;

  private Choices(Map<String, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /**
   * What was given, and the standard for the rest.
   *
   * @param owner whose settings they are, for messages, as in {@code task parity}
   * @param given whole numbers, numbers, lists and texts by name
   * @throws IllegalArgumentException in one sentence, if there is no such setting or the value
   *     cannot be chosen
   */
  public static Choices of(String owner, List<Setting> settings, Map<String, ?> given) {
    for (String name : given.keySet()) {
      if (settings.stream().noneMatch(setting -> setting.name().equals(name))) {
        throw new IllegalArgumentException(
            "%s has no setting '%s'; it has %s"
                .formatted(
                    owner,
                    name,
                    settings.stream().map(Setting::name).collect(Collectors.joining(", "))));
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Setting setting : settings) {
      Object value = given.get(setting.name());
      values.put(
          setting.name(), value == null ? setting.standard() : setting.checked(owner, value));
    }
    return new Choices(values);
  }

  /** All, by name and in order. */
  public Map<String, Object> values() {
    return values;
  }

  /**
   * The value of a setting of that kind.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int whole(String name) {
    return (Integer) get(name);
  }

  public double real(String name) {
    return (Double) get(name);
  }

  public String text(String name) {
    return (String) get(name);
  }

  public List<Integer> wholes(String name) {
    return ((List<?>) get(name)).stream().map(Integer.class::cast).toList();
  }

  public List<Double> reals(String name) {
    return ((List<?>) get(name)).stream().map(Double.class::cast).toList();
  }

  private Object get(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no setting " + name);
    }
    return value;
  }
}
