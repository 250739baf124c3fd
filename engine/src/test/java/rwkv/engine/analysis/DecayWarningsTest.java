package rwkv.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DecayWarningsTest {

  private static final double[] FINE = {2, 20, 200};

  private static List<String> words(double shortest, double[]... layers) {
    return DecayWarnings.of(layers, shortest).stream().map(DecayWarning::sentence).toList();
  }

  @Test
  void nothingIsSaidOfDecaysThatCoverTheScales() {
    assertEquals(List.of(), words(0.01, FINE, FINE));
  }

  @Test
  void aLayerThatForgetsIsNamedWithTheTokensItForgetsIn() {
    // 6 half-lives and two thirds leave a hundredth.
    List<DecayWarning> found = DecayWarnings.of(new double[][] {FINE, {1, 6}, FINE}, 0.01);
    assertEquals(1, found.size());
    assertTrue(found.getFirst().isSerious());
    assertEquals(1, found.getFirst().firstLayer());
    assertEquals(
        "layer 1: nothing survives 40 tokens (less than 1 % of any write is left)",
        found.getFirst().sentence());
  }

  @Test
  void neighboursWithTheSameTroubleShareASentence() {
    List<String> words = words(0.01, new double[] {2, 3}, new double[] {3, 6}, FINE);
    assertEquals(
        List.of(
            "layers 0–1: nothing survives 20 to 40 tokens (less than 1 % of any write is left)"),
        words);
  }

  @Test
  void channelsThatBrain16CannotHoldAreCounted() {
    List<String> words = words(0.01, new double[] {3, 30, 300, 360, 4000});
    assertEquals(1, words.size());
    assertTrue(words.getFirst().startsWith("layer 0: 2 channels cannot be told from 1 in bf16"));
  }

  @Test
  void aStateThatOnlyGrowsIsSerious() {
    List<DecayWarning> found = DecayWarnings.of(new double[][] {{10_001, 20_000}}, 0.01);
    assertTrue(found.getFirst().isSerious());
    assertTrue(found.getFirst().sentence().contains("keeps more than 10k tokens"));
  }

  @Test
  void channelsThatForgetAtOnceAndThoseAtTheLimitAreTold() {
    assertTrue(
        words(0.01, new double[] {0.03, 0.04, 2, 20, 200})
            .getFirst()
            .startsWith("layer 0: 2 channels forget at once"));
    assertTrue(words(1.143, new double[] {1.143, 2, 20, 200}).getFirst().contains("shortest"));
    assertEquals(List.of(), words(0.01, new double[] {1.143, 2, 20, 200}));
  }

  @Test
  void aDecadeWithoutHalfLivesIsAGap() {
    assertEquals(
        List.of("layer 0: no half-life between 10 and 100 tokens"),
        words(0.01, new double[] {2, 3, 150}));
    assertFalse(words(0.01, new double[] {20, 150}).stream().anyMatch(w -> w.contains("between")));
  }

  @Test
  void gradientsThatReachNowhereComeFirst() {
    List<String> words = words(0.01, new double[] {2, 20, 40}, new double[] {5, 50, 60});
    assertTrue(
        words.getFirst().startsWith("all layers: less than 0.1 % of a gradient"), words + "");
  }

  @Test
  void oneHalfLifeForAllIsTold() {
    assertEquals(
        List.of("layer 0: 3 channels have the same half-life"),
        words(0.01, new double[] {200, 200, 200}));
  }
}
