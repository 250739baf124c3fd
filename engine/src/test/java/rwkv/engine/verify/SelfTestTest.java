package rwkv.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;

/** The self-test must see what is wrong, and only that. */
class SelfTestTest {

  @TempDir Path folder;

  private Engine open(String backend) {
    Path file = folder.resolve("model.safetensors");
    TinyModel.SMALL.write(file, Seeds.random("self-test"));
    return Engine.open(file, backend, 2, Progress.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void aSoundConfigurationIsGreenAtEverySite(String backend) {
    try (Engine engine = open(backend)) {
      Report report = SelfTest.run(engine, 12, Progress.NONE);
      assertEquals(Verdict.GREEN, report.verdict(), report.sentence());
      assertEquals(0, report.worstIdentity().relative(), report.sentence());
      for (String site : List.of("ln1", "w", "kk", "wkv", "state att_kv", "ffn_k", "logits")) {
        assertTrue(
            report.sites().stream().anyMatch(s -> s.site().equals(site)), site + " not compared");
      }
      if (backend.equals("reference")) {
        assertEquals(0, report.worst().relative());
      } else {
        assertTrue(report.worst().relative() > 0);
      }
    }
  }

  @Test
  void cancellingEndsIt() {
    try (Engine engine = open("cpu")) {
      Progress cancelled =
          done -> {
            throw new CancellationException();
          };
      assertThrows(CancellationException.class, () -> SelfTest.run(engine, 4, cancelled));
    }
  }

  @Test
  void theWorstSiteLayerTokenAndChannelAreNamed() {
    Comparison comparison = new Comparison();
    comparison.add(0, "k", 0, new float[] {1, 2, 3}, new float[] {1, 2, 3});
    comparison.add(1, "v", 5, new float[] {1, -4, 3}, new float[] {1, -4, 3.5f});
    comparison.add(1, "v", 6, new float[] {2, 0, 0}, new float[] {2, 0, 0});
    Report report = new Report("m", "c", new int[2], comparison.sites(), List.of());
    assertEquals(new SiteError(1, "v", 6, 4, 0.5, 5, 2), report.worst());
    assertEquals(0.125, report.worst().relative());
    assertEquals(Verdict.RED, report.verdict());
    assertTrue(report.sentence().contains("v in layer 1"), report.sentence());
  }

  @Test
  void anErrorBeyondRoundingIsAmberAndBeyondUseRed() {
    assertEquals(Verdict.GREEN, one(1, 1 + 5e-5f).verdict());
    assertEquals(Verdict.AMBER, one(1, 1 + 5e-4f).verdict());
    assertEquals(Verdict.RED, one(1, 1.5f).verdict());
  }

  @Test
  void whatIsNoNumberIsRed() {
    assertEquals(Verdict.RED, one(1, Float.NaN).verdict());
    assertEquals(Verdict.RED, one(Float.NaN, 1).verdict());
    assertEquals(Verdict.RED, one(1, Float.POSITIVE_INFINITY).verdict());
  }

  @Test
  void aBrokenIdentityIsRedEvenWhereEverySiteIsRight() {
    Comparison comparison = new Comparison();
    comparison.add(0, "k", 0, new float[] {1}, new float[] {1});
    Report report =
        new Report("m", "c", new int[2], comparison.sites(), List.of(new Identity("x", 0.1)));
    assertEquals(Verdict.RED, report.verdict());
    assertTrue(report.sentence().contains("x"), report.sentence());
  }

  @Test
  void theTableHasALineForEverySiteAndIdentity() {
    try (Engine engine = open("cpu")) {
      Report report = SelfTest.run(engine, 4, Progress.NONE);
      List<String> lines = Arrays.asList(ReportTable.csv(report).split("\n"));
      assertEquals(1 + report.sites().size() + report.identities().size(), lines.size());
      assertTrue(lines.stream().allMatch(line -> line.split(",", -1).length == 9));
    }
  }

  private static Report one(float reference, float value) {
    Comparison comparison = new Comparison();
    comparison.add(0, "k", 0, new float[] {reference}, new float[] {value});
    return new Report("m", "c", new int[2], comparison.sites(), List.of());
  }
}
