package rwkv.engine.train.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A value for every setting of a task. */
public final class Choices {

  private final Map<String, Object> values;

  private Choices(Map<String, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /**
   * What was given, and the standard for the rest.
   *
   * @throws IllegalArgumentException in one sentence, if there is no such setting or the value
   *     cannot be chosen
   */
  static Choices of(String task, List<Setting> settings, Map<String, ?> given) {
    for (String name : given.keySet()) {
      if (settings.stream().noneMatch(setting -> setting.name().equals(name))) {
        throw new IllegalArgumentException(
            "task %s has no setting '%s'; it has %s"
                .formatted(
                    task,
                    name,
                    settings.stream().map(Setting::name).collect(Collectors.joining(", "))));
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Setting setting : settings) {
      Object value = given.get(setting.name());
      values.put(setting.name(), value == null ? setting.standard() : setting.checked(task, value));
    }
    return new Choices(values);
  }

  /** All, by name and in order. */
  public Map<String, Object> values() {
    return values;
  }

  int whole(String name) {
    return (Integer) get(name);
  }

  double real(String name) {
    return (Double) get(name);
  }

  String text(String name) {
    return (String) get(name);
  }

  List<Integer> wholes(String name) {
    return ((List<?>) get(name)).stream().map(Integer.class::cast).toList();
  }

  private Object get(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no setting " + name);
    }
    return value;
  }
}
