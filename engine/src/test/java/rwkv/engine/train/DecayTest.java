package rwkv.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.model.Version;

/** Decay formulas, curves and files. */
class DecayTest {

  private static final DecayShape SEVEN = new DecayShape(Version.V7, 3, 12, 4);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "V4, -5, 0.993285, 102.87",
    "V4, 3, 1.9e-9, 0.03451",
    "V6, -6, 0.997524, 279.64",
    "V6, -1, 0.692201, 1.8842",
    "V7, -8, 0.999797, 3407.8",
    "V7, -6, 0.998501, 462.18",
    "V7, 3, 0.561151, 1.1997"
  })
  void rawNumbersMeanWhatTheVersionMakesOfThem(
      Version version, double raw, double factor, double halfLife) {
    DecayScale scale = DecayScale.of(version);
    assertEquals(factor, scale.factor(raw), 1e-6);
    assertEquals(halfLife, scale.halfLife(raw), 2e-4 * halfLife);
    assertEquals(raw, scale.raw(scale.halfLife(raw)), 1e-9);
    assertEquals(raw, scale.rawOfFactor(scale.factor(raw)), 1e-6);
  }

  @Test
  void whatAVersionCannotExpressBecomesTheNearest() {
    DecayScale seven = DecayScale.of(Version.V7);
    assertEquals(seven.highestRaw(), seven.raw(0.5));
    assertEquals(1.1428, seven.shortest(), 1e-3);
    assertEquals(seven.lowestRaw(), seven.raw(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> seven.raw(Double.NaN));
    double[][] halfLives = new double[3][12];
    for (double[] layer : halfLives) {
      java.util.Arrays.fill(layer, 10);
    }
    halfLives[1][3] = 0.1;
    DecayCurve.Fitted fitted = DecayCurve.ofHalfLives(SEVEN, halfLives);
    assertEquals(1, fitted.clamped());
    assertTrue(
        fitted.notes().getFirst().startsWith("layer 1: 1 half-lives are shorter than 1.143"));
    assertEquals(10, fitted.curve().halfLives(0)[0], 1e-9);
  }

  @Test
  void officialFormulasGiveThePublishedNumbers() {
    DecayShape four = new DecayShape(Version.V4, 3, 5, 5);
    DecayCurve curve = DecayPreset.OFFICIAL_4.formula().curve(four);
    // -5 + 8 (i/4)^(0.7 + 1.3 l/2)
    assertEquals(-5, curve.raw(0, 0));
    assertEquals(3, curve.raw(2, 4));
    assertEquals(-5 + 8 * Math.pow(0.5, 1.35), curve.raw(1, 2), 1e-12);
    // -6 + 5 h^(0.7 + 1.3 l/2), one for each of two heads
    DecayShape five = new DecayShape(Version.V5_1, 3, 8, 4);
    assertArrayEquals(
        new double[] {-6, -1}, DecayPreset.OFFICIAL_5.formula().curve(five).raw(1), 1e-12);
    // -6 + 6 n^(1 + (l/2)^0.3) + 0.5 + 2.5 z|z|
    DecayCurve seven = DecayPreset.official(Version.V7).formula().curve(SEVEN);
    assertEquals(-8, seven.raw(0, 0), 1e-12);
    assertEquals(3, seven.raw(2, 11), 1e-12);
    double zigzag = 2.5 / 9;
    assertEquals(
        -5.5 + 6 * Math.pow(2 / 11.0, 1 + Math.pow(0.5, 0.3)) + zigzag, seven.raw(1, 2), 1e-12);
  }

  @ParameterizedTest
  @EnumSource(DecayPreset.class)
  void formulasAreFiniteForOneLayerAndOneChannel(DecayPreset preset) {
    for (Version version : new Version[] {Version.V4, Version.V5_0, Version.V6, Version.V7}) {
      DecayCurve curve = preset.formula().curve(new DecayShape(version, 1, 1, 1));
      assertTrue(Double.isFinite(curve.raw(0, 0)));
    }
  }

  @Test
  void formulasOfHalfLivesGiveThem() {
    double[] equalRatios = new DecayFormula.LogUniform(2048, 2).curve(SEVEN).halfLives(1);
    assertEquals(2048, equalRatios[0], 1e-6);
    assertEquals(2, equalRatios[11], 1e-9);
    assertEquals(equalRatios[0] / equalRatios[1], equalRatios[9] / equalRatios[10], 1e-9);
    DecayFormula random = new DecayFormula.Random(2, 100, 5);
    assertEquals(random.curve(SEVEN), random.curve(SEVEN));
    assertNotEquals(random.curve(SEVEN), new DecayFormula.Random(2, 100, 6).curve(SEVEN));
    for (double halfLife : random.curve(SEVEN).halfLives(2)) {
      assertTrue(halfLife >= 1.999 && halfLife <= 100.001, () -> halfLife + " tokens");
    }
    DecayCurve between =
        new DecayFormula.Constant(10)
            .curve(SEVEN)
            .with(2, new DecayFormula.Constant(1000).raw(2, SEVEN))
            .interpolated();
    assertEquals(100, between.halfLives(1)[0], 1e-6);
  }

  @Test
  void textsNameFormulas() {
    assertEquals(
        new DecayFormula.Zigzag(-6, 6, 1, 0.3, 0.5, 0),
        DecayPreset.parse("official: zigzag=0", Version.V7));
    assertEquals(DecayPreset.OFFICIAL_4.formula(), DecayPreset.parse("official4", Version.V7));
    for (String text : new String[] {"", "x", "linear:a=1", "linear:first", "linear:first=x"}) {
      assertThrows(IllegalArgumentException.class, () -> DecayPreset.parse(text, Version.V7), text);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Version.class,
      names = {"V4", "V5_0", "V5_1", "V5_2", "V6", "V7"})
  void curvesComeBackFromFilesToTheBit(Version version) {
    int headSize = version == Version.V4 ? 12 : 4;
    DecayCurve curve = DecayPreset.RANDOM.formula().curve(new DecayShape(version, 3, 12, headSize));
    Path file = folder.resolve("curve.json");
    DecayFile.save(file, curve);
    assertEquals(curve, DecayFile.load(file).curve());
  }

  @Test
  void halfLivesMayStandInAFile() throws IOException {
    Path file = folder.resolve("curve.json");
    Files.writeString(file, json("'half_lives': [[10, 0.1]]"));
    DecayCurve.Fitted fitted = DecayFile.load(file);
    assertEquals(10, fitted.curve().halfLives(0)[0], 1e-9);
    assertEquals(1, fitted.clamped());
  }

  private static String json(String numbers) {
    return ("{'format': 'rwkv-decay-curve', 'version': '7', 'layers': 1, 'channels': 2,"
            + " 'head_size': 2, "
            + numbers
            + "}")
        .replace('\'', '"');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'raw': [[1]]|raw, layer 0, should be an array of 2 decays, found 1",
        "'raw': [[1, 2], [1, 2]]|raw should be an array of 1 layers, found 2",
        "'raw': [[1, NaN]]|is not well-formed JSON",
        "'raw': [[1, 1e999]]|should hold finite numbers",
        "'raw': [[1, 'a']]|should hold finite numbers, found a string at 1",
        "'raw': [[1, null]]|should hold finite numbers",
        "'raw': 1|raw should be an array",
        "'raw': [[1, 2]], 'half_lives': [[1, 2]]|one of the fields raw and half_lives",
        "'half_lives': [[1, 0]]|must be above 0",
        "'raw': [[1, 2]], 'x': 1|unknown field 'x'",
        "'raw': [[1, 2]], 'layers': 1|is not well-formed JSON",
        "'raw': [[1, 2]]}{|is not well-formed JSON"
      })
  void badFilesAreRefusedByFileAndField(String numbers, String reason) throws IOException {
    refused(json(numbers), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'7'|'9'|version '9'",
        "'7'|7|field version should be a text",
        "'version': '7',||field version should be a text",
        "'layers': 1|'layers': 0|field layers",
        "'layers': 1|'layers': 1.5|field layers",
        "'channels': 2,||field channels should be a whole number of at least 1, found nothing",
        "'channels': 2|'channels': 3|whole",
        "'7'|'4'|RWKV-4 has no heads",
        "rwkv-decay-curve|other|is no decay curve"
      })
  void badShapesAreRefusedByFileAndField(String part, String other, String reason)
      throws IOException {
    String text = json("'raw': [[1, 2]]");
    String from = part.replace('\'', '"');
    refused(text.replace(from, other == null ? "" : other.replace('\'', '"')), reason);
  }

  @Test
  void whatIsNoObjectIsRefused() throws IOException {
    refused("[]", "should hold an object");
    refused("", "curve.json: ");
    refused("[".repeat(100_000), "is not well-formed JSON");
  }

  private void refused(String text, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("curve.json"), text);
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> DecayFile.load(file), text);
    assertTrue(e.getMessage().contains("curve.json: "), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void aCurveOfAnotherModelIsRefused() {
    DecayCurve curve = DecayPreset.OFFICIAL_7.formula().curve(SEVEN);
    ModelPlan plan = ModelPlan.of(Version.V7, 2, 12, 4).withVocabulary(9);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Initialiser(plan, curve, 1));
    assertTrue(e.getMessage().contains("3 layers") && e.getMessage().contains("2 layers"));
  }
}
