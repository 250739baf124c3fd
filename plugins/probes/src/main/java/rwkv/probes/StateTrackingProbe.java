package rwkv.probes;

import java.util.List;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** For how long a model keeps track of something that every token changes. */
public final class StateTrackingProbe implements Probe {

  static final String AUTO = "auto";
  static final String TEXT = "text";
  static final String SWAPS = "swaps";

  @Override
  public String id() {
    return "state-tracking";
  }

  @Override
  public String name() {
    return "State tracking";
  }

  @Override
  public String question() {
    return "Over how many changes does it keep track: of whether bits are odd, of how three things"
        + " lie, of how five things lie?";
  }

  @Override
  public String method() {
    return """
    Word problems of groups (Merrill et al. 2024, "The Illusion of State in State-Space \
    Models"): `parity`, whether the ones of some bits are odd; `s3` and `s5`, how three or five \
    things lie after rearrangements (or `moves` that are swaps of two neighbours alone, if that is \
    what a model was taught). The order of the changes \
    matters in s3 and s5, and s5 is as hard as any problem that a machine of bounded memory can \
    solve while it reads once. A \
    model that was taught the task by this program's trainer (its tokens are those of the \
    task) is asked in that form after every length; any other one gets `shots` solved examples \
    as text and then the question, and must say the whole answer. An answer is right if its \
    tokens are the likeliest ones. Of RWKV-7 the smallest eigenvalue stands beside it that each \
    head multiplied its state with meanwhile: of diag(w) − κ̂ (a ⊙ κ̂)ᵀ, all of whose eigenvalues \
    are real; below 0 a direction of the state changes its sign (Grazzi et al. 2024, "Unlocking \
    State-Tracking in Linear RNNs Through Negative Eigenvalues"). It is measured on one \
    question of the first problem.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        Setting.text(
            "problem",
            AUTO,
            List.of(AUTO, "parity", "s3", "s5"),
            "what is asked; auto: what the model was taught, or all as text"),
        Setting.text(
            "moves",
            "all",
            List.of("all", SWAPS),
            "of s3 and s5: every rearrangement, or swaps of two neighbours alone"),
        Setting.text(
            "format", AUTO, List.of(AUTO, TEXT), "auto: as it was taught, where its tokens fit"),
        Setting.wholes("lengths", List.of(1, 2, 4, 8, 16, 32), 1, 10_000, "changes"),
        Setting.whole("examples", 24, 1, 10_000, "questions of each length"),
        Setting.whole("shots", 4, 0, 100, "solved examples before a question that is text"));
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new StateTracking(context).run();
  }
}
