package rwkv.app.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.Test;
import rwkv.app.open.FakeModel;
import rwkv.app.open.Opened;
import rwkv.engine.verify.Report;
import rwkv.engine.verify.SiteError;
import rwkv.engine.verify.Verdict;

/** When a model is tested, and what is then known of it. */
class TruthViewModelTest {

  private final Queue<Runnable> work = new ArrayDeque<>();
  private final SimpleObjectProperty<Opened> opened = new SimpleObjectProperty<>();
  private final TruthViewModel truth = new TruthViewModel(opened, work::add, Runnable::run);
  private final FakeModel model = new FakeModel(Path.of("a.pth"));

  private void runAll() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  @Test
  void aSmallModelIsTestedWhenItIsOpened() {
    opened.set(new Opened(model, null));
    assertInstanceOf(Truth.Testing.class, truth.truthProperty().get());
    runAll();
    Truth.Tested tested = assertInstanceOf(Truth.Tested.class, truth.truthProperty().get());
    assertEquals(12, tested.report().tokens().length);
  }

  @Test
  void anotherTokenizerIsNoReasonToTestAgain() {
    opened.set(new Opened(model, null));
    runAll();
    opened.set(new Opened(model, null));
    assertInstanceOf(Truth.Tested.class, truth.truthProperty().get());
    assertEquals(0, work.size());
  }

  @Test
  void closingTheModelForgetsWhatItsTestFinds() {
    opened.set(new Opened(model, null));
    opened.set(null);
    runAll();
    assertInstanceOf(Truth.NoModel.class, truth.truthProperty().get());
  }

  @Test
  void aCancelledTestLeavesTheModelUntested() {
    opened.set(new Opened(model, null));
    truth.cancel();
    runAll();
    assertInstanceOf(Truth.Untested.class, truth.truthProperty().get());
  }

  @Test
  void aTestThatCannotBeCarriedOutSaysWhy() {
    model.selfTest =
        tokens -> {
          throw new IllegalStateException("no reference here");
        };
    opened.set(new Opened(model, null));
    runAll();
    Truth.Failed failed = assertInstanceOf(Truth.Failed.class, truth.truthProperty().get());
    assertEquals("no reference here.", failed.sentence());
  }

  @Test
  void askingForATestRunsMoreTokens() {
    List<Integer> asked = new ArrayList<>();
    model.selfTest =
        tokens -> {
          asked.add(tokens);
          return new Report(
              "m", "c", new int[tokens], List.of(new SiteError(1, "v", 1, 1, 1, 0, 0)), List.of());
        };
    opened.set(new Opened(model, null));
    runAll();
    truth.test();
    runAll();
    assertEquals(List.of(12, 48), asked);
    Truth.Tested tested = assertInstanceOf(Truth.Tested.class, truth.truthProperty().get());
    assertEquals(Verdict.RED, tested.report().verdict());
  }
}
