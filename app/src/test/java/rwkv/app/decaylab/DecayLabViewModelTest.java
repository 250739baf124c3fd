package rwkv.app.decaylab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.message.Messages;
import rwkv.engine.model.Version;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFormula;
import rwkv.engine.train.DecayPreset;
import rwkv.engine.train.ModelPlan;

class DecayLabViewModelTest {

  private final Messages messages = new Messages();
  private final DecayLabViewModel lab = new DecayLabViewModel(messages);
  private DecayCurve start;

  @BeforeEach
  void aSmallModel() {
    show(Version.V7);
  }

  private void show(Version version) {
    ModelPlan plan = ModelPlan.of(version, 4, 64, 16);
    start = plan.officialDecays();
    lab.show(new LabSubject("small", start, plan));
  }

  private double half(int layer, int channel) {
    return lab.curve().halfLives(layer)[channel];
  }

  private void drag(int point, double... tokens) {
    assertTrue(lab.begin("move point"));
    for (double each : tokens) {
      lab.drag(point, each);
    }
    lab.end();
  }

  @Test
  void beginsWithTheOfficialDecaysOfTheVersion() {
    for (Version version : PlanViewModel.VERSIONS) {
      show(version);
      assertEquals(start, lab.toCurve());
      assertEquals(DecayPreset.official(version).id(), preset());
    }
  }

  private String preset() {
    return lab.formula().presetProperty().get().id();
  }

  @Test
  void aPointGoesWhereItIsDraggedAndItsNeighboursStay() {
    lab.layerProperty().set(1);
    ControlPoints points = lab.controlPoints();
    double[] before = lab.curve().halfLives(1).clone();
    drag(4, 3000, 77);
    assertEquals(77, lab.halfLife(points.channel(4)), 1e-6);
    assertEquals(before[points.channel(3)], half(1, points.channel(3)), 1e-9);
    assertEquals(before[0], half(1, 0));
    assertArrayEquals(start.raw(0), lab.curve().raw(0));
  }

  @Test
  void fineStructureBetweenPointsIsKept() {
    drag(4, 5000);
    int middle = lab.controlPoints().channel(4);
    double[] before = start.halfLives(0);
    for (int i = middle - 2; i < middle + 2; i++) {
      boolean rose = before[i + 1] > before[i];
      assertEquals(rose, half(0, i + 1) > half(0, i), "channel " + i);
    }
  }

  @Test
  void allLayersAreMultipliedAlike() {
    lab.scopeProperty().set(Scope.ALL);
    int channel = lab.controlPoints().channel(2);
    double before = half(0, channel);
    double other = half(3, channel);
    drag(2, before * 3);
    assertEquals(before * 3, half(0, channel), 1e-6);
    assertEquals(other * 3, half(3, channel), 1e-6);
  }

  @Test
  void betweenFirstAndLastFollowsTheEnds() {
    lab.scopeProperty().set(Scope.BETWEEN);
    lab.layerProperty().set(3);
    drag(8, 900);
    int channel = lab.controlPoints().channel(8);
    double first = half(0, channel);
    assertEquals(start.halfLives(0)[channel], first, 1e-9);
    assertEquals(900, half(3, channel), 1e-6);
    assertEquals(first * Math.pow(900 / first, 1.0 / 3), half(1, channel), 1e-6);
    lab.layerProperty().set(1);
    assertFalse(lab.begin("move point"));
    assertTrue(messages.newsProperty().get().contains("layer 3"));
  }

  @Test
  void paintingSetsEveryChannelOnTheWay() {
    lab.begin("paint");
    lab.paint(10, 10, 10, 10);
    lab.paint(10, 10, 14, 160);
    lab.end();
    assertEquals(10, half(0, 10), 1e-6);
    assertEquals(40, half(0, 12), 1e-6);
    assertEquals(160, half(0, 14), 1e-6);
    assertEquals(start.halfLives(0)[15], half(0, 15));
    lab.undo();
    assertEquals(start, lab.toCurve());
  }

  @Test
  void theVersionsShortestHalfLifeIsTheLimit() {
    drag(4, 0.01);
    double limit = Math.log(2) / Math.exp(-0.5);
    double least = lab.halfLife(lab.controlPoints().channel(4));
    assertTrue(least >= limit && least < limit * 1.001, least + "");
    assertTrue(lab.toCurve().factors(0)[lab.controlPoints().channel(4)] > 0.545);
    show(Version.V4);
    drag(4, 0.02);
    assertEquals(0.02, lab.halfLife(lab.controlPoints().channel(4)), 1e-9);
  }

  @Test
  void everythingCanBeUndoneAndDoneAgain() {
    drag(1, 10, 20, 30);
    DecayCurve first = lab.toCurve();
    lab.scopeProperty().set(Scope.ALL);
    lab.formula().presetProperty().set(DecayPreset.CONSTANT);
    lab.useFormula();
    DecayCurve second = lab.toCurve();
    assertEquals("formula constant", lab.undoNameProperty().get());
    lab.undo();
    assertEquals(first, lab.toCurve());
    lab.undo();
    assertEquals(start, lab.toCurve());
    assertEquals("", lab.undoNameProperty().get());
    lab.undo();
    lab.redo();
    assertEquals(first, lab.toCurve());
    lab.redo();
    assertEquals(second, lab.toCurve());
    lab.revert();
    assertEquals(start, lab.toCurve());
    lab.undo();
    assertEquals(second, lab.toCurve());
    drag(1, 5);
    assertEquals("", lab.redoNameProperty().get(), "another edit forgets what was undone");
  }

  @Test
  void aThousandEditsAreUndone() {
    for (int i = 0; i < 1000; i++) {
      lab.pointProperty().set(i % 9);
      lab.nudge(i % 2 == 0 ? 1.3 : 0.8);
    }
    assertNotEquals(start, lab.toCurve());
    for (int i = 0; i < 1000; i++) {
      lab.undo();
    }
    assertEquals(start, lab.toCurve());
  }

  @Test
  void formulasAreThePresets() {
    lab.scopeProperty().set(Scope.ALL);
    for (DecayPreset preset : DecayPreset.values()) {
      lab.formula().presetProperty().set(preset);
      lab.useFormula();
      assertEquals(preset.formula().curve(start.shape()), lab.toCurve(), preset.id());
    }
  }

  @Test
  void constantsOfAFormulaCount() {
    lab.layerProperty().set(2);
    lab.formula().presetProperty().set(DecayPreset.LOG_UNIFORM);
    lab.formula().constantsProperty().get().get(0).textProperty().set("5");
    lab.formula().constantsProperty().get().get(1).textProperty().set("5000");
    lab.useFormula();
    assertArrayEquals(
        new DecayFormula.LogUniform(5, 5000).raw(2, start.shape()), lab.curve().raw(2));
    assertArrayEquals(start.raw(1), lab.curve().raw(1), "the scope is this layer");
    lab.formula().constantsProperty().get().get(0).textProperty().set("fast");
    lab.useFormula();
    assertTrue(messages.newsProperty().get().contains("first"), messages.newsProperty().get());
  }

  @Test
  void everyChangeIsAnalysedAtOnce() {
    lab.formula().presetProperty().set(DecayPreset.CONSTANT);
    lab.formula().constantsProperty().get().getFirst().textProperty().set("6");
    lab.begin("x");
    int before = lab.revisionProperty().get();
    lab.paint(0, 6, 63, 6);
    assertTrue(lab.revisionProperty().get() > before, "while the mouse is down");
    assertTrue(
        lab.warnings().getFirst().sentence().startsWith("layer 0: nothing survives 40 tokens"),
        lab.warnings() + "");
    assertEquals(Math.pow(0.5, 10 / 6.0), lab.curve().profile(0).left(1), 1e-9);
    lab.end();
  }

  @Test
  void aCurveOfAnotherModelIsRefused() {
    DecayCurve other = ModelPlan.of(Version.V7, 2, 64, 16).officialDecays();
    assertThrows(IllegalArgumentException.class, () -> lab.use(other, "open"));
    assertEquals(start, lab.toCurve());
  }

  @Test
  void anotherPlanBeginsAnew() {
    drag(1, 10);
    lab.plan().sizes().getFirst().textProperty().set("3");
    assertEquals(3, lab.toCurve().shape().layers());
    assertEquals(768, lab.toCurve().shape().channels());
    assertEquals("", lab.undoNameProperty().get());
    lab.plan().sizes().get(1).textProperty().set("100");
    assertFalse(lab.plan().problemProperty().get().isEmpty(), "100 channels are not heads of 64");
    assertEquals(768, lab.toCurve().shape().channels());
  }
}
