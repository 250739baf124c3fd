package rwkv.app.decaylab;

import org.jspecify.annotations.Nullable;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayShape;
import rwkv.engine.train.ModelPlan;

/**
 * Whose decays are edited.
 *
 * @param name for a person
 * @param start the decays it began with
 * @param plan of a model about to be created; null for the open one
 */
public record LabSubject(String name, DecayCurve start, @Nullable ModelPlan plan) {

  public DecayShape shape() {
    return start.shape();
  }

  /** Whether it is the open model. */
  public boolean isOpen() {
    return plan == null;
  }
}
