package rwkv.engine.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.train.TrainingPlan;

class TrainingConfigTest {

  private static final String MODEL =
      "'model': {'version': '7', 'layers': 2, 'embd': 32, 'head_size': 16}";
  private static final String REST = "'task': {'name': 'parity'}, 'steps': 10";

  @TempDir Path folder;

  private TrainingConfig read(String json) throws IOException {
    Path file = folder.resolve("some.json");
    Files.writeString(file, json.replace('\'', '"'));
    return TrainingConfig.read(file, 3);
  }

  @Test
  void whatIsMissingIsOfficial() throws IOException {
    TrainingConfig config = read("{" + MODEL + "," + REST + "}");
    TrainingPlan official = TrainingPlan.of(10);
    assertEquals(official.beta2(), config.plan().beta2());
    assertEquals(official.eps(), config.plan().eps());
    assertEquals(official.rate(), config.plan().rate());
    assertEquals(official.finalRate(), config.plan().finalRate(), 1e-12);
    assertEquals(official.decay(), config.plan().decay());
    assertEquals(official.clip(), config.plan().clip());
    assertEquals(official.l2wrap(), config.plan().l2wrap());
    assertEquals(official.warmUp(), config.plan().warmUp());
    assertEquals(3, config.threads());
    assertEquals("model", config.name());
    ModelChoice model = config.model();
    assertNotNull(model);
    assertEquals(5, model.planFor(5).vocabulary());
    assertEquals(128, model.plan().ffnChannels());
  }

  @Test
  void theEpsilonOfVersionFourIsItsOwnTrainers() throws IOException {
    TrainingConfig config =
        read("{'model': {'version': '4', 'layers': 1, 'embd': 32}," + REST + "}");
    assertEquals(1e-8, config.plan().eps());
  }

  @Test
  void tokensAreWholeSteps() throws IOException {
    TrainingConfig config =
        read(
            "{"
                + MODEL
                + ", 'task': {'name': 'parity'}, 'batch': 4, 'window': 8,"
                + " 'accumulation': 2, 'tokens': 130}");
    assertEquals(3, config.plan().steps());
  }

  @Test
  void theEffectiveConfigurationReadsBackAsItself() throws IOException {
    TrainingConfig config =
        read(
            "{'model': {'version': '6', 'layers': 2, 'embd': 64, 'head_size': 32, 'ffn': 96,"
                + " 'ranks': {'mix': 8}, 'vocabulary': 20, 'decay': 'log-uniform:first=500'},"
                + " 'task': {'name': 'permutations', 'moves': 'swaps', 'tested': [3, 5]},"
                + " 'steps': 10, 'rate': 1e-3, 'final_rate': 0, 'clip': 0, 'l2wrap': false,"
                + " 'betas': [0.8, 0.95], 'numbers': 'bf16', 'save': 'f32', 'keep': 5,"
                + " 'name': 'swaps-v6', 'out': 'somewhere', 'seed': 77}");
    TrainingConfig again = read(config.json());
    assertEquals(config.json(), again.json());
    assertEquals(config.plan(), again.plan());
    assertEquals(Double.POSITIVE_INFINITY, config.plan().clip());
    assertEquals(0, config.plan().l2wrap());
    ModelChoice model = config.model();
    assertNotNull(model);
    assertEquals(20, model.planFor(13).vocabulary());
    assertEquals(8, model.plan().ranks().get("mix"));
    assertThrows(IllegalArgumentException.class, () -> model.planFor(21));
    assertFalse(config.essence().has("out"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "[1]|should hold an object",
        "{|is not well-formed JSON",
        "{} {}|is not well-formed JSON",
        "{'seed': 1, 'seed': 2}|is not well-formed JSON",
        "{M}|field task is missing",
        "{R}|expected one of the fields model and from",
        "{M, 'from': 'a.pth', R}|expected one of the fields model and from",
        "{M, 'task': {'name': 'parity'}}|expected one of the fields steps and tokens",
        "{M, R, 'tokens': 5}|expected one of the fields steps and tokens",
        "{M, R, 'learning_rate': 1}|unknown field 'learning_rate'; there are name, model,",
        "{M, R, 'rate': 'high'}|field rate is \"high\", expected a number",
        "{M, R, 'rate': 0}|learning rate: 0.0, expected above 0",
        "{M, R, 'final_rate': -1}|final learning rate: -1.0, expected 0 to 10",
        "{M, R, 'warm_up': 1.5}|field warm_up is 1.5, expected a whole number from 0",
        "{M, R, 'betas': [0.9]}|field betas is [0.9], expected two numbers in brackets",
        "{M, R, 'betas': [0.9, 1]}|beta 2: 1.0, expected at least 0 and below 1",
        "{M, R, 'eps': 1}|epsilon: 1.0, expected",
        "{M, R, 'weight_decay': -1}|weight decay: -1.0, expected",
        "{M, R, 'clip': -1}|clip: -1.0, expected above 0",
        "{M, R, 'l2wrap': 1}|field l2wrap is 1, expected true or false",
        "{M, R, 'batch': 0}|field batch is 0, expected a whole number from 1 to",
        "{M, R, 'window': 0}|field window is 0, expected",
        "{M, R, 'accumulation': 0}|field accumulation is 0, expected",
        "{M, R, 'numbers': 'f16'}|field numbers is \"f16\", expected \"f32\" or \"bf16\"",
        "{M, R, 'save': 'q4'}|field save is \"q4\", expected \"bf16\" or \"f32\"",
        "{M, R, 'train': 'head'}|field train is \"head\", expected \"all\" or \"state\"",
        "{M, R, 'seed': -1}|field seed is -1, expected",
        "{M, R, 'threads': 0}|field threads is 0, expected a whole number from 1 to 1024",
        "{M, R, 'checkpoint': 0}|field checkpoint is 0, expected",
        "{M, R, 'keep': 0}|field keep is 0, expected",
        "{M, R, 'out': ''}|field out is \"\", expected a text",
        "{M, R, 'name': 'a/b'}|field name is \"a/b\", expected letters",
        "{M, 'task': 'parity', 'steps': 1}|field task is \"parity\", expected an object",
        "{M, 'task': {'name': 'chess'}, 'steps': 1}|there is no task 'chess'; there are stories,",
        "{M, 'task': {}, 'steps': 1}|field task.name is missing",
        "{M, 'task': {'name': 'parity', 'ones': 2}, 'steps': 1}|ones of task parity is 2, expected",
        "{'model': {'layers': 2}, R}|field model.embd is missing",
        "{'model': {'layers': 0, 'embd': 64}, R}|field model.layers is 0, expected",
        "{'model': {'layers': 2, 'embd': 96}, R}|field model: 96 channels are not whole heads of"
            + " 64",
        "{'model': {'version': '9', 'layers': 2, 'embd': 64}, R}|field model: version '9'",
        "{'model': {'version': 7, 'layers': 2, 'embd': 64}, R}|field model.version is 7, expected",
        "{'model': {'version': '4', 'layers': 1, 'embd': 8, 'head_size': 8}, R}|no heads",
        "{'model': {'layers': 1, 'embd': 64, 'heads': 1}, R}|unknown field 'model.heads'",
        "{'model': {'layers': 1, 'embd': 64, 'ranks': {'x': 1}}, R}|'model.ranks.x'; there are",
        "{'model': {'layers': 1, 'embd': 64, 'decay': 'steep'}, R}|no decay formula 'steep'",
        "{'model': {'layers': 1, 'embd': 64, 'decay': 'no.json'}, R}|there is no file no.json"
      })
  void whatIsWrongIsSaidInOneSentence(String json, String reason) {
    String text = json.replace("M", MODEL).replace("R", REST);
    CheckpointException refused = assertThrows(CheckpointException.class, () -> read(text));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(reason), message);
    assertTrue(message.contains("some.json"), message);
    assertEquals(1, message.lines().count(), message);
  }
}
