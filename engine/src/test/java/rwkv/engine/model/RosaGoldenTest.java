package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.backend.Buffer;
import rwkv.engine.check.GoldenModel;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Trace;

/**
 * RWKV-8's ROSA models give what the public code gives, and the trained ones do what they learnt.
 */
class RosaGoldenTest {

  private static final double LOGITS = 1e-4;

  /** Numbers that nobody chose; the same ones at every run, because the models are not perfect. */
  private static final long NUMBERS = 7;

  private static final int COMMA = 10;
  private static final int END = 11;

  @TempDir Path folder;

  static Stream<GoldenCase> languageModels() {
    return GoldenCase.on(GoldenModel.rosa());
  }

  static Stream<GoldenCase> reversers() {
    return GoldenCase.on(GoldenModel.reversers());
  }

  @ParameterizedTest
  @MethodSource("languageModels")
  void languageModelsGiveTheReferenceLogitsInDecodeAndInAnyChunking(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      assertEquals(Version.V8_ROSA, engine.spec().version());
      int[] tokens = Compare.ints(file.tensors().get("tokens"));
      float[] logits = file.tensors().get("logits").toFloats();
      compare(engine, tokens, logits, c.golden().tolerance());
    }
  }

  @ParameterizedTest
  @MethodSource("reversers")
  void trainedModelsGiveTheReferenceLogitsInDecodeAndInAnyChunking(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      assertEquals(Version.V8_ROSA_7, engine.spec().version());
      int[][] texts = texts(file);
      float[] logits = file.tensors().get("logits").toFloats();
      int each = logits.length / texts.length;
      for (int i = 0; i < texts.length; i++) {
        float[] wanted = Arrays.copyOfRange(logits, i * each, (i + 1) * each);
        compare(engine, texts[i], wanted, c.golden().tolerance());
      }
    }
  }

  private static void compare(Engine engine, int[] tokens, float[] logits, double tolerance) {
    int vocabulary = engine.spec().vocabulary();
    Session decoding = engine.session();
    for (int t = 0; t < tokens.length; t++) {
      float[] wanted = Arrays.copyOfRange(logits, t * vocabulary, (t + 1) * vocabulary);
      Compare.close("logits after token " + t, wanted, decoding.decode(tokens[t]), tolerance, 0);
    }
    Compare.close("one chunk", logits, engine.session().prefillAll(tokens), tolerance, 0);
    for (int chunk : new int[] {1, 5, 16}) {
      Session session = engine.session();
      float[] last = session.prefill(tokens, chunk, Progress.NONE);
      Compare.close("chunks of " + chunk, decoding.logits(), last, 0, 0);
      assertEquals(decoding.snapshot(), session.snapshot());
    }
  }

  private static int[][] texts(Checkpoint file) {
    Tensor tensor = file.tensors().get("tokens");
    int[] all = Compare.ints(tensor);
    int[][] texts = new int[(int) tensor.shape().size(0)][];
    int length = all.length / texts.length;
    Arrays.setAll(texts, i -> Arrays.copyOfRange(all, i * length, (i + 1) * length));
    return texts;
  }

  /** After the comma, every next token but the padding must be the most likely one. */
  @ParameterizedTest
  @MethodSource("reversers")
  void trainedModelsPredictEveryDigitOfTheRecordedReversals(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      int right = 0;
      int of = 0;
      for (int[] text : texts(file)) {
        Session session = engine.session();
        boolean reversing = false;
        for (int t = 0; t + 1 < text.length && text[t] != END; t++) {
          session.decode(text[t]);
          reversing |= text[t] == COMMA;
          if (reversing) {
            right += argmax(session.logits()) == text[t + 1] ? 1 : 0;
            of++;
          }
        }
      }
      assertEquals(53, of);
      assertEquals(53, right);
    }
  }

  @ParameterizedTest
  @MethodSource("reversers")
  void trainedModelsKnowNearlyEveryDigitOfAReversedNumber(GoldenCase c) {
    Random random = new Random(NUMBERS);
    try (Engine engine = c.open()) {
      int right = 0;
      int of = 0;
      for (int digits = 1; digits <= 60; digits++) {
        int[] number = random.ints(digits, 0, 10).toArray();
        Session session = engine.session();
        session.prefill(prompt(number), digits, Progress.NONE);
        for (int wanted : backwards(number)) {
          right += argmax(session.logits()) == wanted ? 1 : 0;
          of++;
          session.decode(wanted);
        }
      }
      assertTrue(right >= 0.99 * of, right + " of " + of);
    }
  }

  @ParameterizedTest
  @MethodSource("reversers")
  void trainedModelsWriteNumbersBackwards(GoldenCase c) {
    try (Engine engine = c.open()) {
      for (String number : List.of("7", "42", "90210", "2718281828", "0123456789012345")) {
        int[] digits = number.chars().map(digit -> digit - '0').toArray();
        for (int chunk = 1; chunk <= digits.length + 1; chunk += 3) {
          int[] written = written(engine.session(), prompt(digits), chunk);
          assertArrayEquals(backwards(digits), written, number);
        }
      }
    }
  }

  private static int[] prompt(int[] digits) {
    int[] prompt = Arrays.copyOf(digits, digits.length + 1);
    prompt[digits.length] = COMMA;
    return prompt;
  }

  private static int[] backwards(int[] digits) {
    int[] backwards = new int[digits.length + 1];
    Arrays.setAll(backwards, i -> i == digits.length ? END : digits[digits.length - 1 - i]);
    return backwards;
  }

  /** What a model writes after a prompt, up to the end that it writes itself. */
  private static int[] written(Session session, int[] prompt, int chunk) {
    session.prefill(prompt, chunk, Progress.NONE);
    int[] written = new int[2 * prompt.length];
    for (int i = 0; i < written.length; i++) {
      written[i] = argmax(session.logits());
      if (written[i] == END) {
        return Arrays.copyOf(written, i + 1);
      }
      session.decode(written[i]);
    }
    return written;
  }

  private static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("reversers")
  void aBatchReversesWhatItsSequencesReverseAlone(GoldenCase c) {
    try (Engine engine = c.open();
        Checkpoint file = c.openVectors()) {
      int[][] texts = texts(file);
      State state = engine.model().state(texts.length);
      int[] joined = Stream.of(texts).flatMapToInt(Arrays::stream).toArray();
      Buffer all = engine.model().logits(texts.length, texts[0].length);
      engine.model().forward(all, joined, texts[0].length, state, Trace.OFF);
      float[] logits = all.toArray();
      int each = logits.length / texts.length;
      for (int i = 0; i < texts.length; i++) {
        float[] alone = engine.session().prefillAll(texts[i]);
        float[] own = Arrays.copyOfRange(logits, i * each, (i + 1) * each);
        Compare.close("text " + i, alone, own, 0, 0);
      }
    }
  }

  @Test
  void theSizeOfASymbolStaysWithAFileThatIsRenamed() throws IOException {
    for (GoldenModel model : GoldenModel.rosa()) {
      GoldenCase c = new GoldenCase(model, "cpu");
      Path renamed = folder.resolve("model.pth");
      Files.deleteIfExists(renamed);
      Files.copy(ReferenceData.require(c.golden().model()), renamed);
      try (Engine engine = Engine.open(renamed, "cpu", 1, Progress.NONE);
          Checkpoint file = c.openVectors()) {
        compare(
            engine,
            Compare.ints(file.tensors().get("tokens")),
            file.tensors().get("logits").toFloats(),
            LOGITS);
      }
    }
  }

  @Test
  void aFileThatDoesNotTellTheSizeOfASymbolIsRefusedUntilItIsChosen() {
    GoldenCase c = new GoldenCase(GoldenModel.rosa().getLast(), "cpu");
    Path plain = folder.resolve("plain.safetensors");
    try (Checkpoint original = Checkpoints.open(ReferenceData.require(c.golden().model()))) {
      SafetensorsWriter.write(plain, original.tensors().values(), Map.of());
    }
    CheckpointException problem =
        assertThrows(
            CheckpointException.class, () -> Engine.open(plain, "cpu", 1, Progress.NONE).close());
    assertTrue(problem.getMessage().contains("rosa4bit"), problem.getMessage());
    LoadOptions chosen = LoadOptions.rosaBits(4);
    try (Engine engine = Engine.open(plain, "cpu", 1, chosen, Progress.NONE);
        Checkpoint file = c.openVectors()) {
      compare(
          engine,
          Compare.ints(file.tensors().get("tokens")),
          file.tensors().get("logits").toFloats(),
          LOGITS);
    }
  }
}
