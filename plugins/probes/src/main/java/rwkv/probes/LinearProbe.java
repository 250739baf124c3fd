package rwkv.probes;

import java.util.List;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** Which heads hold something that a text says, so that a line through their numbers finds it. */
public final class LinearProbe implements Probe {

  static final String AUTO = "auto";
  static final String SENTENCES = "sentences";
  static final String STATE = "state";
  static final String RESIDUAL = "residual";

  @Override
  public String id() {
    return "linear-probe";
  }

  @Override
  public String name() {
    return "Linear probe";
  }

  @Override
  public String question() {
    return "From which head's state can be read off what the text says: where somebody is, which"
        + " letter a box holds?";
  }

  @Override
  public String method() {
    return """
    Texts are read that each end right before an answer, and the answer is the label. From the \
    numbers of one head's state (or of the residual after a layer) ridge regression learns a \
    score for every label, and is asked about texts that it has not seen (cross-validated, the \
    folds being whole texts). The control (Hewitt and Liang 2019, "Designing and Interpreting \
    Probes with Control Tasks") learns the same with the labels dealt out among the texts at \
    random: what it gets right, the regression could have got right without the state knowing \
    anything. Selectivity is accuracy less control. The label of `stories` is where a person \
    is, of other tasks of this program's trainer their answers; a model that knows none of them \
    reads `sentences` in English that tell where four people are.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        Setting.text(
            "task",
            AUTO,
            List.of(AUTO, "stories", "classroom", "recall", "parity", SENTENCES),
            "what is read; auto: the task that the model's tokens are of"),
        Setting.text("from", STATE, List.of(STATE, RESIDUAL), "what is read off"),
        Setting.whole("texts", 200, 10, 10_000, "texts"),
        Setting.whole("folds", 5, 2, 100, "parts, each left out in turn"),
        Setting.real("lambda", 0.01, 1e-9, 1e6, "strength of the ridge"));
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    return Memory.missing(model);
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new LinearProbing(context).run();
  }
}
