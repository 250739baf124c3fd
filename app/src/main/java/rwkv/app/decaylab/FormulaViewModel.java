package rwkv.app.decaylab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import rwkv.app.generate.Field;
import rwkv.app.generate.Fields;
import rwkv.engine.train.DecayFormula;
import rwkv.engine.train.DecayPreset;

/** A formula with its constants, as typed. */
public final class FormulaViewModel {

  private static final double MOST = 1e9;

  private final ObjectProperty<DecayPreset> preset =
      new SimpleObjectProperty<>(DecayPreset.OFFICIAL_7);
  private final ReadOnlyObjectWrapper<List<Field<Double>>> constants =
      new ReadOnlyObjectWrapper<>(List.of());

  public FormulaViewModel() {
    preset.subscribe(this::expose);
  }

  public ObjectProperty<DecayPreset> presetProperty() {
    return preset;
  }

  /** The constants of the preset, in its order; others as soon as another preset is chosen. */
  public ReadOnlyObjectProperty<List<Field<Double>>> constantsProperty() {
    return constants.getReadOnlyProperty();
  }

  private void expose(DecayPreset chosen) {
    List<Field<Double>> fields = new ArrayList<>();
    for (DecayPreset.Constant constant : chosen.constants()) {
      String help = "What the formula begins with: " + Fields.text(constant.value());
      fields.add(Fields.number(constant.name(), help, constant.value(), -MOST, MOST));
    }
    constants.set(List.copyOf(fields));
  }

  /** What is wrong with a constant; empty for nothing. */
  String problem() {
    return constants.get().stream()
        .filter(field -> !field.problemProperty().get().isEmpty())
        .map(field -> field.label() + ": " + field.problemProperty().get())
        .findFirst()
        .orElse("");
  }

  /**
   * The formula.
   *
   * @throws IllegalArgumentException if a constant is out of its range
   */
  DecayFormula formula() {
    Map<String, Double> given = new LinkedHashMap<>();
    constants.get().forEach(field -> given.put(field.label(), field.value()));
    return preset.get().formula(given);
  }
}
