package rwkv.app.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import rwkv.app.generate.Field;
import rwkv.app.generate.Fields;
import rwkv.app.generate.SettingField;
import rwkv.app.message.Sentence;
import rwkv.engine.model.Version;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.ModelPlan;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.TaskKind;
import rwkv.engine.train.task.Tasks;

/** What the next runs are to do, as typed. */
public final class RunFormViewModel {

  /** Versions that can be trained. */
  public static final List<Version> VERSIONS =
      List.of(Version.V4, Version.V5_2, Version.V6, Version.V7);

  private static final String FIRST_TASK = "recall";
  private static final int LARGEST_WINDOW = 4096;

  private final ObjectProperty<TaskKind> task = new SimpleObjectProperty<>(Tasks.named(FIRST_TASK));
  private final ReadOnlyObjectWrapper<List<SettingField>> settings =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ObjectProperty<Version> version = new SimpleObjectProperty<>(Version.V7);
  private final Field<Long> layers = Fields.whole("layers", "How many blocks", 2, 1, 64);
  private final Field<Long> channels =
      Fields.whole("width", "Channels of the residual", 32, 1, 4096);
  private final Field<Long> headSize =
      Fields.whole("head size", "Channels of a head; RWKV-4 has no heads", 16, 1, 1024);
  private final Field<Long> steps =
      Fields.whole("steps", "How often the parameters change", 500, 1, 10_000_000);
  private final Field<Double> rate =
      Fields.number("rate", "Learning rate at first; falls to a tenth", 0.002, 1e-8, 1);
  private final Field<Long> batch =
      Fields.whole("batch", "Sequences that a step learns from", 16, 1, 65_536);
  private final Field<Long> window = Fields.whole("window", "Tokens of a sequence", 64, 1, 1 << 20);
  private final Field<Long> seed =
      Fields.whole("seed", "Of all that is drawn; the same for all runs", 1, 0, Long.MAX_VALUE);
  private final ObservableList<InitialChoice> initials = FXCollections.observableArrayList();
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");

  /**
   * @param lab the decays in the lab, of whatever shape
   */
  RunFormViewModel(Supplier<DecayCurve> lab) {
    initials.add(new InitialChoice("curve of the lab", true, lab));
    initials.add(new InitialChoice("official", true, () -> model().officialDecays()));
    task.subscribe(this::ask);
    version.subscribe((_, _) -> check());
    for (Field<?> field : numbers()) {
      field.textProperty().subscribe((_, _) -> check());
    }
  }

  /** What is learnt. */
  public ObjectProperty<TaskKind> taskProperty() {
    return task;
  }

  /** The task's settings. */
  public ReadOnlyObjectProperty<List<SettingField>> settingsProperty() {
    return settings.getReadOnlyProperty();
  }

  /** The setting of that name; null if the task has none. */
  @Nullable SettingField setting(String name) {
    return settings.get().stream()
        .filter(each -> each.setting().name().equals(name))
        .findFirst()
        .orElse(null);
  }

  public ObjectProperty<Version> versionProperty() {
    return version;
  }

  /** Layers, width, head size. */
  public List<Field<Long>> sizes() {
    return List.of(layers, channels, headSize);
  }

  /** Steps, rate, batch, window, seed. */
  public List<Field<?>> training() {
    return List.of(steps, rate, batch, window, seed);
  }

  private List<Field<?>> numbers() {
    List<Field<?>> all = new ArrayList<>(sizes());
    all.addAll(training());
    return all;
  }

  /** What runs may begin with; one run for each that is chosen. */
  public ObservableList<InitialChoice> initials() {
    return initials;
  }

  /** Why no run can be started, or empty. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** Decays from a file; the lab's pane tells if it cannot be read. */
  void add(String name, DecayCurve curve) {
    initials.add(new InitialChoice(name, true, () -> curve));
  }

  private void ask(TaskKind kind) {
    List<SettingField> asked = kind.settings().stream().map(SettingField::of).toList();
    settings.set(asked);
    // Some tasks need longer windows than others.
    for (long fit = window.value(); fit <= LARGEST_WINDOW; fit = 2 * fit) {
      window.textProperty().set(Long.toString(fit));
      check();
      if (!problem.get().contains("window")) {
        break;
      }
    }
    asked.forEach(each -> each.field().textProperty().subscribe((_, _) -> check()));
  }

  private void check() {
    problem.set(findProblem());
  }

  private String findProblem() {
    List<Field<?>> all = numbers();
    settings.get().forEach(each -> all.add(each.field()));
    for (Field<?> field : all) {
      if (!field.problemProperty().get().isEmpty()) {
        return field.label() + ": " + field.problemProperty().get();
      }
    }
    try {
      plan().check();
      return "";
    } catch (IllegalArgumentException e) {
      return Sentence.of(e);
    }
  }

  /**
   * What was typed.
   *
   * @throws IllegalArgumentException if the sizes do not make a model
   */
  RunPlan plan() {
    Map<String, Object> chosen = new LinkedHashMap<>();
    for (SettingField each : settings.get()) {
      Object value = each.field().value();
      if (!value.equals("")) {
        chosen.put(each.setting().name(), value);
      }
    }
    return new RunPlan(
        task.get(),
        chosen,
        model(),
        steps.value(),
        rate.value(),
        new Sizes(batch.value().intValue(), window.value().intValue(), seed.value()));
  }

  /** The model to be trained, but for its vocabulary. */
  private ModelPlan model() {
    return ModelPlan.of(
        version.get(),
        layers.value().intValue(),
        channels.value().intValue(),
        headSize.value().intValue());
  }
}
