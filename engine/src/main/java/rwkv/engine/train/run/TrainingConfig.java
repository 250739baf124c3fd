package rwkv.engine.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.setting.Choices;
import rwkv.engine.train.TrainingPlan;
import rwkv.engine.train.task.Sizes;
import rwkv.engine.train.task.TaskKind;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a training is to do, from a JSON file:
 *
 * <pre>
 * {"name": "parity-v7",
 *  "model": {"version": "7", "layers": 2, "embd": 32, "head_size": 16, "decay": "official"},
 *  "task": {"name": "parity"}, "batch": 32, "window": 32, "steps": 2000, "rate": 1e-3,
 *  "seed": 1, "out": "parity-v7"}
 * </pre>
 *
 * <p>What is missing is as the official trainers have it. Paths are relative to the working
 * directory.
 *
 * @param file that it was read from
 * @param name of the model's files
 * @param model to be created, or null
 * @param from the checkpoint to begin with, or null
 * @param task what is learnt
 * @param choices the task's settings
 * @param sizes of a batch, and the seed of all that is drawn
 * @param plan of the optimiser
 * @param accumulation batches of a step
 * @param saved what the model's file holds
 * @param threads to compute with
 * @param checkpoint steps from one to the next
 * @param keep steps from one model that is kept to the next; 0 for none
 * @param out the folder for all that comes of it, or null
 */
public record TrainingConfig(
    Path file,
    String name,
    @Nullable ModelChoice model,
    @Nullable Path from,
    TaskKind task,
    Choices choices,
    Sizes sizes,
    TrainingPlan plan,
    int accumulation,
    TrainingPlan.Numbers saved,
    int threads,
    long checkpoint,
    long keep,
    @Nullable Path out) {

  private static final int LARGEST = 1 << 20;
  private static final int DEEPEST = 10;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * Reads a configuration.
   *
   * @param threads where the file does not say
   * @throws CheckpointException in one sentence that names the file and the field, if something is
   *     wrong with it
   */
  public static TrainingConfig read(Path file, int threads) {
    return of(file, tree(file), threads);
  }

  /** A configuration that is in no file. */
  static TrainingConfig of(Path file, JsonNode json, int threads) {
    ConfigNode root = new ConfigNode(file, "", json);
    if (!json.isObject()) {
      throw root.problem("should hold an object");
    }
    return new ConfigReading(root).config(threads);
  }

  static JsonNode tree(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CheckpointException(file, "is too large for a configuration");
      }
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      String problem = e.getOriginalMessage().replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
      throw new CheckpointException(file, "is not well-formed JSON: " + problem, e);
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file, "there is no such file", e);
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be read: " + e, e);
    }
  }

  /** Another folder and another number of threads. */
  public TrainingConfig with(@Nullable Path folder, int cpuThreads) {
    return new TrainingConfig(
        file,
        name,
        model,
        from,
        task,
        choices,
        sizes,
        plan,
        accumulation,
        saved,
        cpuThreads,
        checkpoint,
        keep,
        folder);
  }

  /** All that it says or that follows from what it leaves out, as JSON. */
  public String json() {
    return JSON.writeValueAsString(tree()) + "\n";
  }

  /** What decides about the numbers, and nothing else: two runs of the same are the same. */
  ObjectNode essence() {
    return tree().remove(List.of("name", "save", "threads", "checkpoint", "keep", "out"));
  }

  ObjectNode tree() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name);
    if (model != null) {
      model.write(json.putObject("model"));
    }
    if (from != null) {
      json.put("from", from.toString());
    }
    json.put("train", plan.trained().name().toLowerCase(Locale.ROOT));
    ObjectNode settings = json.putObject("task");
    settings.put("name", task.name());
    choices.values().forEach((setting, value) -> put(settings, setting, value));
    json.put("batch", sizes.sequences()).put("window", sizes.time());
    json.put("steps", plan.steps());
    json.put("rate", plan.rate()).put("final_rate", plan.finalRate());
    json.put("warm_up", plan.warmUp()).put("weight_decay", plan.decay());
    json.putArray("betas").add(plan.beta1()).add(plan.beta2());
    json.put("eps", plan.eps());
    json.put("clip", Double.isInfinite(plan.clip()) ? 0 : plan.clip());
    json.put("l2wrap", plan.l2wrap() > 0).put("accumulation", accumulation);
    json.put("numbers", plan.numbers().name().toLowerCase(Locale.ROOT));
    json.put("save", saved.name().toLowerCase(Locale.ROOT)).put("seed", sizes.seed());
    json.put("threads", threads).put("checkpoint", checkpoint);
    if (keep > 0) {
      json.put("keep", keep);
    }
    if (out != null) {
      json.put("out", out.toString());
    }
    return json;
  }

  private static void put(ObjectNode json, String setting, Object value) {
    switch (value) {
      case Integer number -> json.put(setting, number);
      case Double number -> json.put(setting, number);
      case List<?> list -> {
        ArrayNode array = json.putArray(setting);
        list.forEach(each -> array.add((Integer) each));
      }
      default -> {
        if (!value.equals("")) {
          json.put(setting, String.valueOf(value));
        }
      }
    }
  }
}
