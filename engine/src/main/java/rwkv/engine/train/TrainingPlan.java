package rwkv.engine.train;

import java.util.Locale;

/**
 * How a model is trained. What is official is in the spec of the trainers of BlinkDL/RWKV-LM.
 *
 * @param steps of the optimiser
 * @param warmUp steps over which the learning rate rises to {@code rate}
 * @param rate learning rate at first, in the official trainers 6e-4 for 768 channels
 * @param finalRate learning rate at the last step, reached along a cosine
 * @param beta1 of AdamW
 * @param beta2 of AdamW
 * @param eps of AdamW; 1e-18 for RWKV-6 and 7, 1e-8 in the trainers of 4 and 5
 * @param decay weight decay of the large matrices
 * @param clip the norm that the whole gradient is cut down to; infinite for none
 * @param l2wrap keeps logits from drifting; 1e-4, or 0 for none
 * @param numbers what parameters are rounded to between steps
 * @param trained what is trained
 */
public record TrainingPlan(
    long steps,
    long warmUp,
    double rate,
    double finalRate,
    double beta1,
    double beta2,
    double eps,
    double decay,
    double clip,
    double l2wrap,
    Numbers numbers,
    Trained trained) {

  /** What parameters are kept in; the optimiser's own copy is always f32. */
  public enum Numbers {
    F32,
    BF16
  }

  /** What is trained. */
  public enum Trained {
    /** Every parameter. */
    ALL,
    /** The WKV state before the first token, of a model that stays as it is. */
    STATE
  }

  /** The official trainers' choices for RWKV-7. */
  public static TrainingPlan of(long steps) {
    return new TrainingPlan(
        steps, 10, 6e-4, 6e-5, 0.9, 0.99, 1e-18, 0.001, 1, 1e-4, Numbers.F32, Trained.ALL);
  }

  /**
   * @throws IllegalArgumentException naming the setting that is out of its range
   */
  public TrainingPlan {
    require(steps >= 1, "steps", steps, "at least 1");
    require(warmUp >= 0, "warm-up", warmUp, "at least 0 steps");
    require(rate > 0 && rate < 10, "learning rate", rate, "above 0 and below 10");
    require(finalRate >= 0 && finalRate < 10, "final learning rate", finalRate, "0 to 10");
    require(beta1 >= 0 && beta1 < 1, "beta 1", beta1, "at least 0 and below 1");
    require(beta2 >= 0 && beta2 < 1, "beta 2", beta2, "at least 0 and below 1");
    require(eps >= 0 && eps < 1, "epsilon", eps, "at least 0 and below 1");
    require(decay >= 0 && decay < 100, "weight decay", decay, "at least 0 and below 100");
    require(clip > 0, "clip", clip, "above 0");
    require(l2wrap >= 0 && l2wrap < 1, "L2Wrap", l2wrap, "at least 0 and below 1");
  }

  private static void require(boolean fulfilled, String what, Object found, String expected) {
    if (!fulfilled) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s: %s, expected %s", what, found, expected));
    }
  }

  /**
   * The learning rate of a step, counted from 0: along a cosine from the first to the final rate,
   * and during warm-up a share of that, {@code least} at first.
   */
  double rateAt(long step, double least) {
    double progress = (double) (step - warmUp) / Math.max(1, steps - warmUp);
    double angle = Math.PI * Math.clamp(progress, 0, 1);
    double cosine = finalRate + (rate - finalRate) * (0.5 + 0.5 * Math.cos(angle));
    return step >= warmUp ? cosine : cosine * (least + (1 - least) * step / warmUp);
  }
}
