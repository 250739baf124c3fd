package rwkv.app.decaylab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.message.Messages;
import rwkv.app.open.EngineLoader;
import rwkv.app.open.OpenModel;
import rwkv.app.open.OpenViewModel;
import rwkv.app.open.TokenizerChooser;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.train.CheckpointDecays;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.DecayFormula;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.Tokenizers;

/** With a tiny model and everything on one thread. */
class LabRunViewModelTest {

  private static final ModelPlan PLAN = ModelPlan.of(Version.V7, 2, 32, 16).withVocabulary(257);

  @TempDir Path folder;

  private final Messages messages = new Messages();
  private final DecayLabViewModel lab = new DecayLabViewModel(messages);
  private final GenerateViewModel generate = new GenerateViewModel(messages);
  private final TokenizerChooser chooser =
      new TokenizerChooser(Tokenizers.of(List.of()), List.of());
  private final OpenViewModel open =
      new OpenViewModel(new EngineLoader(chooser), chooser, Runnable::run, Runnable::run, messages);
  private final LabRunViewModel runs =
      new LabRunViewModel(lab, open, generate, Runnable::run, Runnable::run, messages);

  /** Bytes, each a token of its own. */
  private static final Tokenizer BYTES =
      new Tokenizer() {
        @Override
        public String name() {
          return "bytes";
        }

        @Override
        public int[] encode(String text) {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          int[] tokens = new int[bytes.length];
          for (int i = 0; i < bytes.length; i++) {
            tokens[i] = 1 + (bytes[i] & 0xff);
          }
          return tokens;
        }

        @Override
        public byte[] bytes(int token) {
          return token == 0 ? new byte[0] : new byte[] {(byte) (token - 1)};
        }

        @Override
        public int endOfText() {
          return -1;
        }

        @Override
        public int vocabularySize() {
          return 257;
        }
      };

  @BeforeEach
  void openATinyModel() {
    Path file = folder.resolve("tiny.safetensors");
    Initialiser initial = new Initialiser(PLAN, PLAN.officialDecays(), 5);
    SafetensorsWriter.write(file, initial.tensors(Progress.NONE).values(), Map.of());
    open.open(file);
    assertTrue(runs.openKnownProperty().get(), messages.problemProperty().get());
    generate.attach(null, BYTES, 257);
    generate.promptProperty().set("the tokens that a decay sees");
  }

  @AfterEach
  void close() {
    open.close();
  }

  private OpenModel model() {
    return open.openedProperty().get().model();
  }

  @Test
  void theOpenModelsDecaysAreShown() {
    assertTrue(lab.subjectProperty().get().isOpen());
    assertArrayEquals(PLAN.officialDecays().halfLives(1), lab.curve().halfLives(1), 1e-2);
    runs.openChosenProperty().set(false);
    assertFalse(lab.subjectProperty().get().isOpen());
    runs.openChosenProperty().set(true);
    assertEquals("tiny", lab.subjectProperty().get().name());
  }

  @Test
  void appliedDecaysRunAndCanBeTakenBack() {
    DecayCurve own = model().decays(Progress.NONE);
    lab.nudge(3);
    DecayCurve edited = lab.toCurve();
    runs.apply();
    assertTrue(runs.appliedProperty().get());
    assertArrayEquals(edited.halfLives(0), model().decays(Progress.NONE).halfLives(0), 1e-2);
    assertEquals("tiny (other decays)", model().name());
    assertEquals(edited, lab.toCurve(), "the curve under one's hands stays");
    runs.revertModel();
    assertFalse(runs.appliedProperty().get());
    assertEquals(own, model().decays(Progress.NONE));
    assertEquals("tiny", model().name());
    assertEquals("move point 1", lab.undoNameProperty().get(), "and its history");
  }

  @Test
  void bothSidesWriteAndPredictTheSameText() {
    runs.most().textProperty().set("12");
    runs.compare();
    Comparison same = runs.comparisonProperty().get();
    assertNotNull(same, messages.problemProperty().get());
    assertArrayEquals(same.original().written(), same.changed().written());
    assertEquals(same.original().loss(), same.changed().loss());
    assertTrue(same.isOwnText());
    lab.scopeProperty().set(Scope.ALL);
    lab.begin("paint");
    lab.paint(0, 2, 31, 2);
    lab.end();
    runs.judgedProperty().set("another text");
    runs.compare();
    Comparison other = runs.comparisonProperty().get();
    assertEquals(12, other.judged());
    assertTrue(other.original().loss() > 0);
    for (int layer = 0; layer < 2; layer++) {
      assertTrue(other.changed().rms()[layer] < other.original().rms()[layer], "short memory");
    }
  }

  @Test
  void theBandOfAnUntrainedModelIsItsStaticPart() {
    runs.measureBand();
    DataBand band = runs.bandProperty().get();
    assertNotNull(band, messages.problemProperty().get());
    assertEquals("the tokens that a decay sees".length(), band.tokens());
    for (int i = 0; i < 32; i++) {
      assertTrue(band.low()[1][i] <= band.high()[1][i]);
      assertEquals(0, band.high()[1][i], 0.05, "w1 begins as zeros");
    }
  }

  @Test
  void curvesGoToFilesAndComeBack() {
    lab.nudge(3);
    DecayCurve edited = lab.toCurve();
    Path file = folder.resolve("curve.json");
    runs.saveCurve(file);
    assertEquals(edited, DecayFile.load(file).curve());
    lab.revert();
    runs.openCurve(file);
    assertEquals(edited, lab.toCurve());
    DecayCurve wide = new DecayFormula.Constant(9).curve(ModelPlan.of(Version.V6, 3, 128).decays());
    DecayFile.save(file, wide);
    runs.openCurve(file);
    assertEquals(wide, lab.toCurve(), "a plan of such a model is made");
    assertFalse(lab.subjectProperty().get().isOpen());
  }

  @Test
  void theInitialCheckpointHasTheCurveAndTheModelsSizes() {
    lab.scopeProperty().set(Scope.ALL);
    lab.begin("paint");
    lab.paint(0, 5, 31, 50);
    lab.end();
    Path file = folder.resolve("rwkv-init.pth");
    runs.saveInitial(file, 42);
    assertEquals("", messages.problemProperty().get());
    try (Checkpoint written = Checkpoints.open(file)) {
      DecayCurve read = CheckpointDecays.read(written, PLAN.decays());
      for (int i = 0; i < 32; i++) {
        assertEquals(lab.toCurve().raw(1, i), read.raw(1, i), 0.02, "bf16");
      }
      assertEquals(257, written.tensors().get("emb.weight").shape().size(0));
    }
  }

  @Test
  void aTextThatCannotBeReadIsAProblemInWords() {
    generate.promptProperty().set("");
    runs.measureBand();
    assertTrue(messages.problemProperty().get().contains("no text"));
  }
}
