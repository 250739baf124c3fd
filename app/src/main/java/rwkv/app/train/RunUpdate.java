package rwkv.app.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.train.DecayCurve;

/**
 * News of a run from the training thread.
 *
 * @param state it is in now
 * @param lines steps taken since
 * @param seconds spent on it so far
 * @param speed tokens a second while it has its turn; not a number if not known
 * @param decays as they are now; null if nobody looked
 * @param accuracy of the answers it was tested with, 0 to 1; not a number if it was not
 * @param problem why it failed, in a sentence, or empty
 */
record RunUpdate(
    RunState state,
    List<StepLine> lines,
    double seconds,
    double speed,
    @Nullable DecayCurve decays,
    double accuracy,
    String problem) {

  RunUpdate {
    lines = List.copyOf(lines);
  }
}
