package rwkv.engine.train.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import rwkv.engine.checkpoint.AtomicFile;
import rwkv.engine.checkpoint.CheckpointException;
import tools.jackson.databind.JsonNode;

/**
 * Where a training writes.
 *
 * @param path of the folder
 * @param name of the model's files
 */
record RunFolder(Path path, String name) {

  /** Makes the folder if it is not there. */
  static RunFolder of(TrainingConfig config) {
    Path out = config.out();
    if (out == null) {
      throw new CheckpointException(config.file(), "field out is missing: a folder for the model");
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new CheckpointException(out, "is a file, expected a folder to write to");
    }
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new CheckpointException(out, "cannot be made: " + e, e);
    }
    return new RunFolder(out, config.name());
  }

  /** What a training goes on from. */
  Path checkpoint() {
    return path.resolve("checkpoint.safetensors");
  }

  Path losses() {
    return path.resolve("loss.csv");
  }

  Path config() {
    return path.resolve("config.json");
  }

  Path evaluation() {
    return path.resolve("evaluation.csv");
  }

  Path model() {
    return path.resolve(name + ".pth");
  }

  /** The model as it was after some steps. */
  Path model(long steps) {
    return path.resolve(name + "-step-" + steps + ".pth");
  }

  /** Tuned states, which belong to the model they were tuned for. */
  Path state() {
    return path.resolve(name + ".state.pth");
  }

  /** Named like the model, so that it is found. */
  Path vocabulary() {
    return path.resolve(name + ".vocab.txt");
  }

  /**
   * Writes a text whole or not at all.
   *
   * @throws CheckpointException if it cannot be written
   */
  static void write(Path file, String text) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    AtomicFile.write(
        file,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /**
   * Refuses to begin where another training is, or to go on with one that was another.
   *
   * @throws CheckpointException in one sentence
   */
  void check(TrainingConfig config, boolean resume) {
    if (!Files.exists(checkpoint())) {
      return;
    }
    if (!resume) {
      throw new CheckpointException(
          path, "holds a training already; go on with it, or name another folder");
    }
    JsonNode before = TrainingConfig.tree(config());
    TrainingConfig begun = TrainingConfig.of(config(), before, config.threads());
    JsonNode now = config.essence();
    for (String field : now.propertyNames()) {
      JsonNode old = begun.essence().path(field);
      if (!old.equals(now.path(field))) {
        throw new CheckpointException(
            config.file(),
            "field %s is %s, but the training in %s was begun with %s"
                .formatted(field, now.path(field), path, old.isMissingNode() ? "none" : old));
      }
    }
  }
}
