package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.open.OpenModel;
import rwkv.app.state.ShownState;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StateFile;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** A state file opened in the real window, with the sample model. */
class InitialStatePathTest {

  @TempDir Path folder;

  private DrivenWindow window;

  @BeforeEach
  void start() throws Exception {
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
  }

  @AfterEach
  void close() throws Exception {
    window.close();
  }

  private OpenModel model() {
    return DrivenWindow.on(() -> window.model().open().openedProperty().get().model());
  }

  private void open(Path file) {
    DrivenWindow.on(() -> {
      window.model().open().open(file);
      return null;
    });
  }

  private ShownState shown() {
    return ((MainWindow) window.scene().getRoot()).explore().pictures().wall().state();
  }

  /** What the prompt and a first token leave in the first head. */
  private float afterOneToken() {
    window.press("#reset");
    window.await(() -> window.position() == 0);
    window.write("#prompt", "Anna");
    window.press("#step");
    window.await(() -> window.position() >= 1 && shown().position() == window.position());
    return DrivenWindow.on(() -> shown().value(0, 0, 0, 0));
  }

  @Test
  void textsBeginWithItUntilItIsForgotten() {
    OpenModel model = model();
    ModelSpec spec = model.spec();
    int part = spec.statePart(StatePart.ATT_KV);
    float[] numbers = new float[spec.stateParts().get(part).count()];
    Random random = new Random(3);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian() * 50;
    }
    Path file = folder.resolve("tuned.safetensors");
    StateFile.save(file, StateSnapshot.start(spec).with(0, part, numbers), 0);

    float own = afterOneToken();
    open(file);
    window.await(() -> window.text("#initialState").equals("begins with tuned"));
    assertEquals(model, model(), "the model stays open");
    float tuned = afterOneToken();
    assertNotEquals(own, tuned);

    DrivenWindow.on(() -> {
      window.model().open().forgetInitialState();
      return null;
    });
    window.await(() -> window.text("#initialState").isEmpty());
    assertEquals(own, afterOneToken());
  }

  @Test
  void aStateOfAnotherShapeIsRefusedByName() {
    Path file = folder.resolve("other.safetensors");
    SafetensorsWriter.write(
        file,
        List.of(Tensor.of("blocks.0.att.time_state", Shape.of(1, 2, 2), 1, 2, 3, 4)),
        Map.of());
    open(file);
    window.await(() -> window.text("#bannerText").contains("blocks.0.att.time_state"));
    assertTrue(window.text("#initialState").isEmpty());
  }
}
