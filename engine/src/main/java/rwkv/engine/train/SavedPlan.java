package rwkv.engine.train;

import java.util.LinkedHashMap;
import java.util.Map;
import rwkv.engine.checkpoint.CheckpointException;

/** A {@link TrainingPlan} as lines of a file's metadata. */
final class SavedPlan {

  private SavedPlan() {}

  static Map<String, String> lines(TrainingPlan plan) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("plan.steps", String.valueOf(plan.steps()));
    lines.put("plan.warm_up", String.valueOf(plan.warmUp()));
    lines.put("plan.rate", String.valueOf(plan.rate()));
    lines.put("plan.final_rate", String.valueOf(plan.finalRate()));
    lines.put("plan.beta1", String.valueOf(plan.beta1()));
    lines.put("plan.beta2", String.valueOf(plan.beta2()));
    lines.put("plan.eps", String.valueOf(plan.eps()));
    lines.put("plan.decay", String.valueOf(plan.decay()));
    lines.put("plan.clip", String.valueOf(plan.clip()));
    lines.put("plan.l2wrap", String.valueOf(plan.l2wrap()));
    lines.put("plan.numbers", plan.numbers().name());
    lines.put("plan.trained", plan.trained().name());
    return lines;
  }

  /**
   * @throws CheckpointException if a line is missing or says what no plan can have
   */
  static TrainingPlan read(SavedTensors saved) {
    try {
      return new TrainingPlan(
          saved.number("plan.steps"),
          saved.number("plan.warm_up"),
          real(saved, "plan.rate"),
          real(saved, "plan.final_rate"),
          real(saved, "plan.beta1"),
          real(saved, "plan.beta2"),
          real(saved, "plan.eps"),
          real(saved, "plan.decay"),
          real(saved, "plan.clip"),
          real(saved, "plan.l2wrap"),
          TrainingPlan.Numbers.valueOf(saved.line("plan.numbers")),
          TrainingPlan.Trained.valueOf(saved.line("plan.trained")));
    } catch (IllegalArgumentException e) {
      throw saved.problem("has metadata of a training that cannot be: " + e.getMessage());
    }
  }

  private static double real(SavedTensors saved, String name) {
    return Double.parseDouble(saved.line(name));
  }
}
