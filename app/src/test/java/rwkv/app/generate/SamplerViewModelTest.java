package rwkv.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import rwkv.engine.sampling.SamplerSettings;

class SamplerViewModelTest {

  private final SamplerViewModel sampler = new SamplerViewModel();

  @Test
  void beginsWithTheDefault() {
    assertEquals(SamplerSettings.DEFAULT, sampler.settingsProperty().get());
    assertEquals("T 1 · p 0.9 · seed 42", sampler.summaryProperty().get());
  }

  @Test
  void aBadValueSaysWhatIsWantedAndChangesNothing() {
    sampler.topP().textProperty().set("0.5");
    sampler.topP().textProperty().set("1.5");
    assertEquals("from 0 to 1", sampler.topP().problemProperty().get());
    assertEquals(0.5, sampler.settingsProperty().get().topP());
    sampler.topP().textProperty().set("much");
    assertFalse(sampler.topP().problemProperty().get().isEmpty());
    sampler.topP().textProperty().set("0,7");
    assertEquals("", sampler.topP().problemProperty().get());
    assertEquals(0.7, sampler.settingsProperty().get().topP());
  }

  @Test
  void temperatureZeroIsGreedy() {
    sampler.temperature().textProperty().set("0");
    assertEquals("greedy", sampler.summaryProperty().get());
  }

  @Test
  void diceChangeTheSeed() {
    String before = sampler.seed().textProperty().get();
    for (int i = 0; i < 3; i++) {
      sampler.rollSeed();
    }
    assertNotEquals(before, sampler.seed().textProperty().get());
  }

  @Test
  void bannedTokensAreIdsWithCommas() {
    Field<?> banned =
        sampler.fields().stream().filter(f -> f.label().equals("banned")).findFirst().orElseThrow();
    banned.textProperty().set("0, 17 5");
    assertEquals(Set.of(0, 5, 17), sampler.settingsProperty().get().banned());
    banned.textProperty().set("0, x");
    assertEquals("a whole number, please", banned.problemProperty().get());
    assertEquals(Set.of(0, 5, 17), sampler.settingsProperty().get().banned());
  }

  @Test
  void settingsComeBack() {
    SamplerSettings settings =
        new SamplerSettings(0.25, 40, 0.8, 0.05, 0.1, -0.2, 0.99, Set.of(), -7);
    sampler.set(settings, Integer.MAX_VALUE);
    assertEquals(settings, sampler.settingsProperty().get());
    assertEquals(Integer.MAX_VALUE, sampler.mostTokens());
  }
}
