package rwkv.app.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import rwkv.app.message.Messages;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.StateSnapshot;
import rwkv.plugin.Tokenizers;

class OpenViewModelTest {

  private static final Path GOOD = Path.of("/models/good.pth");
  private static final Path OTHER = Path.of("/models/other.pth");
  private static final Path BAD = Path.of("/models/bad.pth");

  private final Messages messages = new Messages();
  private final Deque<Runnable> background = new ArrayDeque<>();
  private final OpenViewModel open =
      new OpenViewModel(
          this::load,
          new TokenizerChooser(Tokenizers.of(List.of()), List.of()),
          background::add,
          Runnable::run,
          messages);

  private ModelLoader.Loaded load(Path file, String device, Progress progress) {
    progress.at(0.5);
    if (file.equals(BAD)) {
      throw new CheckpointException(file, "tensor emb.weight ends beyond the file");
    }
    return new ModelLoader.Loaded(new FakeModel(file), null, List.of());
  }

  private void work() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  private FakeModel model() {
    Opened opened = open.openedProperty().get();
    assertNotNull(opened);
    return (FakeModel) opened.model();
  }

  @Test
  void loadsInTheBackground() {
    open.open(GOOD);
    assertTrue(open.loadingProperty().get());
    assertEquals("good", open.loadingNameProperty().get());
    work();
    assertFalse(open.loadingProperty().get());
    assertEquals(0.5, open.progressProperty().get());
    assertEquals(GOOD, model().file());
    assertEquals(List.of(GOOD), open.recents().files());
  }

  @Test
  void aStateFileBecomesTheInitialStateOfTheOpenModel() {
    ModelLoader states =
        new ModelLoader() {
          @Override
          public Loaded load(Path file, String device, Progress progress) {
            return new Loaded(new FakeModel(file), null, List.of());
          }

          @Override
          public Optional<InitialState> state(Path file, ModelSpec spec) {
            return file.toString().contains("state")
                ? Optional.of(new InitialState("tuned", StateSnapshot.start(spec), 0))
                : Optional.empty();
          }
        };
    OpenViewModel model =
        new OpenViewModel(
            states,
            new TokenizerChooser(Tokenizers.of(List.of()), List.of()),
            background::add,
            Runnable::run,
            messages);
    model.open(GOOD);
    work();
    Opened opened = model.openedProperty().get();
    model.open(Path.of("/models/state.pth"));
    work();
    assertSame(opened, model.openedProperty().get());
    assertEquals("tuned", model.initialStateProperty().get().name());
    assertEquals(List.of(GOOD), model.recents().files());
    model.forgetInitialState();
    assertNull(model.initialStateProperty().get());
    model.open(Path.of("/models/state.pth"));
    work();
    model.open(GOOD);
    work();
    assertNull(model.initialStateProperty().get());
  }

  @Test
  void aFailureLeavesTheOpenModel() {
    open.open(GOOD);
    work();
    FakeModel good = model();
    open.open(BAD);
    work();
    assertSame(good, model());
    assertFalse(good.closed);
    String problem = messages.problemProperty().get();
    assertTrue(problem.contains("/models/bad.pth"), problem);
    assertTrue(problem.contains("emb.weight"), problem);
  }

  @Test
  void anotherModelFreesTheFirst() {
    open.open(GOOD);
    work();
    FakeModel good = model();
    open.open(OTHER);
    work();
    assertTrue(good.closed);
    assertEquals(OTHER, model().file());
    assertEquals(List.of(OTHER, GOOD), open.recents().files());
  }

  @Test
  void cancelEndsTheLoad() {
    open.open(GOOD);
    open.cancel();
    assertFalse(open.loadingProperty().get());
    work();
    assertEquals(null, open.openedProperty().get());
    assertEquals("", messages.problemProperty().get());
  }

  @Test
  void theNewerOfTwoLoadsWins() {
    open.open(GOOD);
    open.open(OTHER);
    work();
    assertEquals(OTHER, model().file());
    assertEquals(List.of(OTHER), open.recents().files());
  }

  @Test
  void theLoaderIsToldOfTheCancellation() {
    boolean[] told = new boolean[1];
    OpenViewModel slow =
        new OpenViewModel(
            (file, device, progress) -> {
              told[0] = true;
              assertThrows(CancellationException.class, () -> progress.at(0.1));
              throw new CancellationException();
            },
            new TokenizerChooser(Tokenizers.of(List.of()), List.of()),
            background::add,
            Runnable::run,
            messages);
    slow.open(GOOD);
    slow.cancel();
    work();
    assertTrue(told[0]);
  }

  @Test
  void closingFreesTheModel() {
    open.open(GOOD);
    work();
    FakeModel good = model();
    open.close();
    work();
    assertTrue(good.closed);
  }
}
