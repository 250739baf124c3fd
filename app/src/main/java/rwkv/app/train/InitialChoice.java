package rwkv.app.train;

import java.util.function.Supplier;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;
import rwkv.engine.train.ModelPlan;

/** Decays that a run may begin with. */
public final class InitialChoice {

  private final String name;
  private final Supplier<DecayCurve> curve;
  private final BooleanProperty chosen;

  InitialChoice(String name, boolean isChosen, Supplier<DecayCurve> curve) {
    this.name = name;
    this.chosen = new SimpleBooleanProperty(isChosen);
    this.curve = curve;
  }

  /** For a person. */
  public String name() {
    return name;
  }

  /** Whether a run is to begin with it. */
  public BooleanProperty chosenProperty() {
    return chosen;
  }

  /**
   * Its curve for a model.
   *
   * @param name with a word about it if it was made for another model
   */
  record Fitted(String name, DecayCurve curve) {}

  Fitted fit(ModelPlan model) {
    DecayShape shape = model.decays();
    DecayCurve own = curve.get();
    return own.shape().equals(shape)
        ? new Fitted(name, own)
        : new Fitted(name + ", resampled", CurveFit.fit(own, shape).curve());
  }
}
