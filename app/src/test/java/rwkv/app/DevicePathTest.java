package rwkv.app;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.generate.GenerateViewModel.Phase;
import rwkv.app.open.Opened;

/** Choosing a device in the window, losing it, and going on elsewhere. */
class DevicePathTest {

  private static final long GIGABYTE = 1_000_000_000;

  @TempDir Path folder;
  private DrivenWindow window;

  @BeforeEach
  void start() throws Exception {
    FrailBackend.plugIn(GIGABYTE);
    Files.writeString(
        folder.resolve("settings.json"),
        "{\"pace\": 0, \"maxTokens\": 100000,"
            + " \"window\": {\"x\": 0, \"y\": 0, \"width\": 1000, \"height\": 900}}");
    open();
  }

  private void open() throws Exception {
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.text("#modelSummary").startsWith("RWKV-7"));
  }

  @AfterEach
  void close() throws Exception {
    window.close();
    FrailBackend.plugIn(-1);
  }

  private WorkbenchViewModel model() {
    return window.model();
  }

  private String backend() {
    return DrivenWindow.on(() -> {
      Opened opened = model().open().openedProperty().get();
      return opened == null ? "" : opened.model().backend();
    });
  }

  private String transcript() {
    return DrivenWindow.on(() -> {
      var transcript = model().generate().transcript();
      return transcript.text(0, transcript.length());
    });
  }

  private Phase phase() {
    return DrivenWindow.on(() -> model().generate().phaseProperty().get());
  }

  private void choose(String item) {
    window.await(() -> items().stream().anyMatch(each -> item.equals(each.getId())));
    DrivenWindow.on(() -> {
      items().stream().filter(each -> item.equals(each.getId())).findFirst().get().fire();
      return null;
    });
  }

  private List<MenuItem> items() {
    return ((MenuButton) window.node("#statusDevice")).getItems();
  }

  private List<String> remedies() {
    return DrivenWindow.on(() ->
        ((Parent) window.node("#remedies"))
            .getChildrenUnmodifiable().stream().map(node -> ((Button) node).getText()).toList());
  }

  private void takeRemedy(String label) {
    DrivenWindow.on(() -> {
      for (var node : ((Parent) window.node("#remedies")).getChildrenUnmodifiable()) {
        if (((Button) node).getText().equals(label)) {
          ((Button) node).fire();
          return null;
        }
      }
      throw new AssertionError("no button " + label);
    });
  }

  /** Writes some tokens and pauses. */
  private void write(int tokens) {
    window.press("#generate");
    window.await(() -> window.position() > tokens);
    DrivenWindow.on(() -> {
      model().generate().pause();
      return null;
    });
    window.await(() -> phase() == Phase.PAUSED);
  }

  private void toTheCard() {
    choose("device-frail-0");
    window.await(() -> backend().equals("frail:0"));
  }

  @Test
  void aTextGoesOnOnAnotherDevice() throws Exception {
    write(20);
    String text = transcript();
    int position = window.position();
    toTheCard();
    assertEquals(text, transcript());
    assertEquals(position, window.position());
    window.await(() -> window.text("#statusDevice").contains("held"));
    assertEquals("frail:0 · 123 MB held, 1.00 GB free", window.text("#statusDevice"));
    window.press("#railModel");
    window.await(() ->
        window.scene().getRoot().lookupAll(".fact-value").stream()
            .anyMatch(node -> node.toString().contains("FRAIL 1.2")));
    window.press("#railExplore");
    write(position + 10);
    assertTrue(transcript().startsWith(text), transcript());
    assertTrue(transcript().length() > text.length());
    window.close();
    open();
    assertEquals("frail:0", backend(), "the device is remembered for the model");
  }

  /** The text is what it would have been: state, sampler and position went along. */
  @Test
  void aMovedTextIsWrittenAsOneThatStayed() {
    // To the end of the first text, whose length the seed decides.
    window.press("#generate");
    window.await(() -> window.position() > 0 && phase() == Phase.PAUSED);
    assertTrue(window.position() > 40, "a text worth moving, found " + window.position());
    String stayed = transcript();
    window.press("#reset");
    window.await(() -> window.position() == 0);
    for (int i = 0; i < 20; i++) {
      int position = window.position();
      window.press("#step");
      window.await(() -> window.position() > position && phase() == Phase.PAUSED);
    }
    assertTrue(transcript().length() < stayed.length(), "moved in the middle");
    toTheCard();
    window.press("#generate");
    window.await(() -> phase() == Phase.PAUSED && transcript().length() >= stayed.length());
    assertEquals(stayed, transcript());
  }

  /** The lab's decays go along, and so does what the lab knows. */
  @Test
  void otherDecaysMoveWithTheModel() {
    window.await(() -> model().labRuns().openKnownProperty().get());
    List<Double> own = halfLives();
    DrivenWindow.on(() -> {
      model().decayLab().nudge(2);
      model().labRuns().apply();
      return null;
    });
    window.await(() -> model().labRuns().appliedProperty().get());
    window.await(() -> window.text("#modelMenu").contains("other decays"));
    List<Double> decays = halfLives();
    assertNotEquals(own, decays);
    toTheCard();
    assertTrue(window.text("#modelMenu").contains("other decays"), window.text("#modelMenu"));
    assertEquals(decays, halfLives());
    assertTrue(DrivenWindow.on(() -> model().labRuns().appliedProperty().get()));
    assertEquals(1, FrailBackend.models());
  }

  /** Of the first layer, as the model computes with them. */
  private List<Double> halfLives() {
    return DrivenWindow.on(() -> {
      Opened opened = requireNonNull(model().open().openedProperty().get());
      return Arrays.stream(opened.model().decays(_ -> {}).halfLives(0)).boxed().toList();
    });
  }

  @Test
  void aMoveThatIsCancelledLeavesEverythingWhereItWas() {
    write(20);
    String text = transcript();
    DrivenWindow.on(() -> {
      model().open().move("frail:0");
      assertEquals(Phase.HELD, model().generate().phaseProperty().get());
      model().open().cancel();
      return null;
    });
    assertEquals(Phase.PAUSED, phase());
    write(window.position() + 10);
    assertTrue(transcript().startsWith(text), transcript());
    window.await(() -> FrailBackend.models() == 0);
    assertEquals("cpu", backend());
  }

  @Test
  void aLostCardLeavesTheTextAndItGoesOnOnTheProcessor() {
    toTheCard();
    FrailBackend.failAfter(5000);
    window.press("#generate");
    window.await(() -> window.node("#banner").isVisible());
    assertEquals(
        "Frail Card 9000 has failed: launch failure. The text so far is kept.",
        window.text("#bannerText"));
    assertEquals(List.of("Open on the CPU", "Open again on frail:0"), remedies());
    window.await(() -> window.text("#statusDevice").equals("frail:0 has failed"));
    assertEquals(Phase.HELD, phase());
    String text = transcript();
    int position = window.position();
    assertTrue(position > 1, "tokens that had been made");
    takeRemedy("Open on the CPU");
    window.await(() -> backend().equals("cpu"));
    assertEquals(text, transcript());
    assertEquals(position, window.position());
    assertFalse(window.node("#banner").isVisible());
    write(position + 10);
    assertTrue(transcript().startsWith(text), transcript());
    assertEquals(0, FrailBackend.models(), "models left on the failed card");
  }

  @Test
  void aLostCardIsUsedAgainAfterWhatWasOnItIsClosed() {
    toTheCard();
    FrailBackend.failAfter(5000);
    window.press("#generate");
    window.await(() -> phase() == Phase.HELD);
    int position = window.position();
    takeRemedy("Open again on frail:0");
    window.await(() -> phase() == Phase.PAUSED);
    assertEquals("frail:0", backend());
    assertEquals(1, FrailBackend.models());
    write(position + 10);
  }

  /** Failing once more leaves the text and both ways out. */
  @Test
  void aLostCardThatRefusesStillLeavesTheProcessor() {
    window.await(() -> model().labRuns().openKnownProperty().get());
    DrivenWindow.on(() -> {
      model().decayLab().nudge(2);
      model().labRuns().apply();
      return null;
    });
    window.await(() -> model().labRuns().appliedProperty().get());
    toTheCard();
    FrailBackend.failAfter(5000);
    window.press("#generate");
    window.await(() -> phase() == Phase.HELD);
    String text = transcript();
    FrailBackend.shrink(1000);
    takeRemedy("Open again on frail:0");
    window.await(() -> window.text("#bannerText").contains("1000 are free"));
    assertEquals(Phase.HELD, phase());
    takeRemedy("Open on the CPU");
    window.await(() -> backend().equals("cpu"));
    assertEquals(text, transcript());
    assertTrue(window.text("#modelMenu").contains("other decays"), window.text("#modelMenu"));
    write(window.position() + 10);
  }

  @Test
  void aCardThatIsTooSmallIsRefusedAndTheModelStays() {
    FrailBackend.plugIn(1000);
    write(5);
    String text = transcript();
    choose("device-frail-0");
    window.await(() -> window.node("#banner").isVisible());
    assertTrue(
        window
            .text("#bannerText")
            .matches(".* does not fit on Frail Card 9000: about [0-9]+ bytes are needed, 1000 .*"),
        window.text("#bannerText"));
    assertEquals("cpu", backend());
    assertEquals(Phase.PAUSED, phase());
    assertEquals(text, transcript());
  }

  @Test
  void aModelThatDoesNotFitAtTheStartIsOfferedTheProcessor() throws Exception {
    toTheCard();
    window.close();
    FrailBackend.plugIn(1000);
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.node("#banner").isVisible());
    assertTrue(window.text("#bannerText").contains("1000 are free"), window.text("#bannerText"));
    takeRemedy("Open on the CPU");
    window.await(() -> backend().equals("cpu"));
  }

  @Test
  void aCardThatIsGoneIsRefusedInASentence() throws Exception {
    toTheCard();
    window.close();
    FrailBackend.plugIn(-1);
    window = DrivenWindow.start(folder.resolve("settings.json"));
    window.await(() -> window.node("#banner").isVisible());
    assertTrue(
        window
            .text("#bannerText")
            .endsWith("backend frail:0 cannot be used: no frail card is plugged in."),
        window.text("#bannerText"));
    assertEquals(List.of("Open on the CPU"), remedies());
    takeRemedy("Open on the CPU");
    window.await(() -> backend().equals("cpu"));
  }
}
