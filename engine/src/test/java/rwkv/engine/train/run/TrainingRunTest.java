package rwkv.engine.train.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.Progress;
import rwkv.engine.train.task.Texts;
import rwkv.engine.train.task.Vocabulary;

class TrainingRunTest {

  private static final String PARITY = "{'name': 'parity', 'tested': [4, 8], 'held_out': 10}";
  private static final String STREAMS = "{'name': 'text', 'file': 'x', 'order': 'streams'}";
  private static final String STORIES =
      "{'name': 'stories', 'tested': [64], 'held_out': 3, 'lengths': 'mixed'}";
  private static final int STEPS = 9;

  private static final Texts TEXTS =
      (_, _) -> {
        Vocabulary bytes = Vocabulary.ofBytesAnd(List.of());
        String text = String.join(" ", IntStream.range(0, 900).mapToObj(String::valueOf).toList());
        return new Texts.Text(bytes.encode(text), bytes);
      };

  @TempDir Path folder;

  private TrainingConfig config(String task, String out, String more) throws IOException {
    Path file = folder.resolve(out + ".json");
    String json =
        "{'model': {'layers': 1, 'embd': 16, 'head_size': 8, 'ranks': {'w': 4, 'a': 4, 'v': 4, 'g':"
            + " 4}}, 'task': %s, 'batch': 2, 'window': %d, 'steps': %d, 'warm_up': 2, 'rate': 3e-3,"
            + " 'checkpoint': 3, 'seed': 5, 'out': '%s'%s}";
    int window = task.equals(STORIES) ? 128 : 16;
    Path at = folder.resolve(out);
    Files.writeString(file, json.formatted(task, window, STEPS, at, more).replace('\'', '"'));
    return TrainingConfig.read(file, 2);
  }

  private static TrainingRun open(TrainingConfig config, boolean resume) {
    return TrainingRun.open(config, resume, TEXTS, Progress.NONE);
  }

  private static void steps(TrainingRun run, int most) {
    for (int i = 0; i < most && !run.isDone(); i++) {
      run.step();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PARITY, STREAMS, STORIES})
  void whatWasKilledGoesOnAsIfItHadNotBeen(String task) throws IOException {
    TrainingConfig whole = config(task, "whole", "");
    try (TrainingRun run = open(whole, false)) {
      steps(run, STEPS);
      run.save();
    }
    TrainingConfig broken = config(task, "broken", "");
    for (int taken : new int[] {2, 5, 2, 9}) {
      // What is not closed leaves what a killed process leaves, lines past the checkpoint included.
      TrainingRun run = open(broken, true);
      steps(run, taken);
      if (run.isDone()) {
        run.save();
        run.close();
      }
    }
    assertEquals(
        Files.readString(folder.resolve("whole/loss.csv")),
        Files.readString(folder.resolve("broken/loss.csv")));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("whole/model.pth")),
        Files.readAllBytes(folder.resolve("broken/model.pth")));
  }

  @Test
  void theFolderHoldsTheModelAndHowGoodItIs() throws IOException {
    TrainingConfig config = config(PARITY, "run", ", 'name': 'odd', 'keep': 4, 'save': 'f32'");
    try (TrainingRun run = open(config, false)) {
      steps(run, STEPS);
      Path model = run.save();
      assertEquals(folder.resolve("run/odd.pth"), model);
      Evaluation result = run.evaluate(Progress.NONE);
      assertEquals(result.csv(), Files.readString(folder.resolve("run/evaluation.csv")));
      assertEquals(20, result.total().of());
      assertEquals(10, result.groups().get("length 8").of());
      Evaluation ofFile = TrainingRun.evaluate(model, run.task(), 1, Progress.NONE);
      assertEquals(result, ofFile);
      assertEquals(STEPS, run.losses().size());
    }
    for (String name : List.of("odd-step-4.pth", "odd-step-8.pth", "odd.vocab.txt")) {
      assertTrue(Files.exists(folder.resolve("run").resolve(name)), name);
    }
    assertEquals(config.json(), Files.readString(folder.resolve("run/config.json")));
  }

  @Test
  void anotherTrainingIsNeitherOverwrittenNorMixedIn() throws IOException {
    try (TrainingRun run = open(config(PARITY, "run", ""), false)) {
      steps(run, 3);
    }
    refused("holds a training already", config(PARITY, "run", ""), false);
    refused("field clip is 0.5, but the training in", config(PARITY, "run", ", 'clip': 0.5"), true);
    refused("field task is", config(STREAMS, "run", ""), true);
    try (TrainingRun run = open(config(PARITY, "run", ", 'threads': 1, 'keep': 100"), true)) {
      assertEquals(3, run.trainer().steps());
    }
  }

  private static void refused(String reason, TrainingConfig config, boolean resume) {
    String message =
        String.valueOf(
            assertThrows(CheckpointException.class, () -> open(config, resume)).getMessage());
    assertTrue(message.contains(reason), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void aTrainedModelIsWhereAnotherTrainingBegins() throws IOException {
    try (TrainingRun run = open(config(PARITY, "first", ", 'save': 'f32'"), false)) {
      steps(run, STEPS);
      run.save();
    }
    Path file = folder.resolve("second.json");
    String from = folder.resolve("first/model.pth").toString();
    String out = folder.resolve("second").toString();
    Files.writeString(
        file,
        "{'from': '%s', 'train': 'state', 'task': %s, 'batch': 2, 'window': 16, 'steps': 3, 'out': '%s'}"
            .formatted(from, PARITY, out)
            .replace('\'', '"'));
    try (TrainingRun run = open(TrainingConfig.read(file, 2), false)) {
      steps(run, 3);
      assertEquals(folder.resolve("second/model.state.pth"), run.save());
      assertTrue(run.evaluate(Progress.NONE).total().of() > 0);
    }
    try (Checkpoint state = Checkpoints.open(folder.resolve("second/model.state.pth"))) {
      assertEquals(List.of("blocks.0.att.time_state"), List.copyOf(state.tensors().keySet()));
    }
    Files.writeString(
        file,
        Files.readString(file)
            .replace(PARITY.replace('\'', '"'), STORIES.replace('\'', '"'))
            .replace("\"window\": 16", "\"window\": 128")
            .replace("second", "third"));
    refused("has 5 tokens, but task stories has 353", TrainingConfig.read(file, 2), false);
    assertThrows(
        CheckpointException.class,
        () -> TrainingRun.task(config("{'name': 'copying', 'longest': 9}", "no", ""), TEXTS));
  }
}
