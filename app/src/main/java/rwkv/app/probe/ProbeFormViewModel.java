package rwkv.app.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.generate.Field;
import rwkv.app.generate.Fields;
import rwkv.app.generate.SettingField;
import rwkv.app.message.Sentence;
import rwkv.app.probing.ProbeEntry;
import rwkv.engine.setting.Choices;

/** A probe's parameters and seed, as typed. */
public final class ProbeFormViewModel {

  private final ProbeEntry probe;
  private final List<SettingField> settings;
  private final Field<Long> seed =
      Fields.whole(
          "seed",
          "Of all that is random; the same seed gives the same numbers",
          1,
          0,
          Long.MAX_VALUE);
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");

  ProbeFormViewModel(ProbeEntry probe) {
    this.probe = probe;
    settings = probe.parameters().stream().map(SettingField::of).toList();
    settings.forEach(each -> each.field().textProperty().subscribe((_, _) -> check()));
    seed.textProperty().subscribe((_, _) -> check());
  }

  public ProbeEntry probe() {
    return probe;
  }

  /** In the probe's order. */
  public List<SettingField> settings() {
    return settings;
  }

  public Field<Long> seed() {
    return seed;
  }

  /** What is wrong with what was typed, or empty. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** Types other values, as those of a run of before; those of other names are left out. */
  void use(Map<String, Object> parameters, long newSeed) {
    for (SettingField each : settings) {
      Object value = parameters.get(each.setting().name());
      if (value != null) {
        each.field().textProperty().set(RunWords.value(value));
      }
    }
    seed.textProperty().set(Long.toString(newSeed));
  }

  /** A form of another probe, with what was typed here where its parameters are called the same. */
  ProbeFormViewModel of(ProbeEntry other) {
    ProbeFormViewModel form = new ProbeFormViewModel(other);
    for (SettingField theirs : form.settings) {
      settings.stream()
          .filter(each -> each.setting().equals(theirs.setting()))
          .forEach(each -> theirs.field().textProperty().set(each.field().textProperty().get()));
    }
    form.seed.textProperty().set(seed.textProperty().get());
    return form;
  }

  /**
   * What was typed.
   *
   * @throws IllegalArgumentException if a list is too long
   */
  Choices choices() {
    Map<String, Object> given = new LinkedHashMap<>();
    settings.forEach(each -> given.put(each.setting().name(), each.field().value()));
    return probe.choices(given);
  }

  private void check() {
    problem.set(findProblem());
  }

  private String findProblem() {
    for (SettingField each : settings) {
      String found = each.field().problemProperty().get();
      if (!found.isEmpty()) {
        return each.field().label() + ": " + found;
      }
    }
    if (!seed.problemProperty().get().isEmpty()) {
      return "seed: " + seed.problemProperty().get();
    }
    try {
      choices();
      return "";
    } catch (IllegalArgumentException e) {
      return Sentence.of(e);
    }
  }
}
