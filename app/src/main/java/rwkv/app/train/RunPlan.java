package rwkv.app.train;

import java.util.LinkedHashMap;
import java.util.Map;
import rwkv.engine.train.ModelPlan;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.TaskKind;
import rwkv.engine.train.task.Texts;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What all runs that are started together have in common.
 *
 * @param task what is learnt
 * @param settings of the task; texts that are empty are left out
 * @param model but for the vocabulary, which the task decides
 * @param steps of the optimiser
 * @param rate learning rate
 * @param sizes of a batch, and the seed
 */
record RunPlan(
    TaskKind task,
    Map<String, Object> settings,
    ModelPlan model,
    long steps,
    double rate,
    Sizes sizes) {

  /** Steps from one checkpoint to the next; what pauses or ends makes one of its own. */
  private static final int CHECKPOINT = 200;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  RunPlan {
    settings = Map.copyOf(settings);
  }

  /** As in {@code parity-v7}: of the folder and the model. */
  String name() {
    return task.name() + "-v" + ModelPlan.number(model.version());
  }

  /**
   * Refuses what does not go together, as far as that is known without reading a text.
   *
   * @throws IllegalArgumentException in one sentence
   */
  void check() {
    if (settings.containsKey("file")) {
      task.choose(settings);
    } else {
      task.make(task.choose(settings), sizes, Texts.NONE);
    }
  }

  /** The configuration of a training that begins with the decays in the run's folder. */
  String json(RunFiles files) {
    Map<String, Object> sizesOfModel = new LinkedHashMap<>();
    sizesOfModel.put("version", ModelPlan.number(model.version()));
    sizesOfModel.put("layers", model.layers());
    sizesOfModel.put("embd", model.channels());
    if (model.version().hasHeads()) {
      sizesOfModel.put("head_size", model.headSize());
    }
    sizesOfModel.put("decay", files.start().toAbsolutePath().toString());
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("name", task.name());
    chosen.putAll(settings);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name());
    json.put("model", sizesOfModel);
    json.put("task", chosen);
    json.put("batch", sizes.sequences());
    json.put("window", sizes.time());
    json.put("steps", steps);
    json.put("rate", rate);
    json.put("seed", sizes.seed());
    json.put("checkpoint", CHECKPOINT);
    json.put("out", files.folder().toAbsolutePath().toString());
    return JSON.writeValueAsString(json) + "\n";
  }
}
