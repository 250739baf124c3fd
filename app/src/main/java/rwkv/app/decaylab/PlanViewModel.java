package rwkv.app.decaylab;

import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import rwkv.app.generate.Field;
import rwkv.app.generate.Fields;
import rwkv.app.message.Sentence;
import rwkv.engine.model.Version;
import rwkv.engine.train.ModelPlan;

/** The sizes of a model about to be created, as typed; the last good ones count. */
public final class PlanViewModel {

  /** Versions that can be created. */
  public static final List<Version> VERSIONS =
      List.of(Version.V4, Version.V5_2, Version.V6, Version.V7);

  private static final int MOST_LAYERS = 256;
  private static final int MOST_CHANNELS = 16384;

  private final ObjectProperty<Version> version = new SimpleObjectProperty<>(Version.V7);
  private final Field<Long> layers = Fields.whole("layers", "How many blocks", 12, 1, MOST_LAYERS);
  private final Field<Long> channels =
      Fields.whole("width", "Channels of the residual", 768, 1, MOST_CHANNELS);
  private final Field<Long> headSize =
      Fields.whole("head size", "Channels of a head; RWKV-4 has no heads", 64, 1, MOST_CHANNELS);
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<ModelPlan> plan =
      new ReadOnlyObjectWrapper<>(ModelPlan.of(Version.V7, 12, 768));

  public PlanViewModel() {
    version.subscribe(this::update);
    sizes().forEach(field -> field.valueProperty().subscribe(this::update));
  }

  public ObjectProperty<Version> versionProperty() {
    return version;
  }

  /** Layers, width, head size. */
  public List<Field<Long>> sizes() {
    return List.of(layers, channels, headSize);
  }

  /** What is wrong with the sizes together; empty for nothing. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<ModelPlan> planProperty() {
    return plan.getReadOnlyProperty();
  }

  private void update() {
    try {
      ModelPlan next =
          ModelPlan.of(
              version.get(),
              layers.value().intValue(),
              channels.value().intValue(),
              headSize.value().intValue());
      problem.set("");
      if (!next.equals(plan.get())) {
        plan.set(next);
      }
    } catch (IllegalArgumentException e) {
      problem.set(Sentence.of(e));
    }
  }
}
