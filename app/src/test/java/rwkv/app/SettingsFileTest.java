package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.app.theme.Theme;
import rwkv.engine.sampling.SamplerSettings;

class SettingsFileTest {

  @TempDir Path folder;

  private static final Settings CHANGED =
      new Settings(
          new Settings.Bounds(10, 20, 1300, 700, true),
          Theme.DARK,
          Map.of("explore", List.of(0.7), "left", List.of(0.4)),
          List.of("HEAD"),
          new SamplerSettings(0.5, 3, 0.7, 0.1, 0.2, 0.3, 0.9, Set.of(), 123456789012L),
          Double.POSITIVE_INFINITY,
          Integer.MAX_VALUE,
          "chat",
          Map.of("goose", "g1-think"),
          true,
          Path.of("/models/a.pth"),
          Path.of("/models"),
          List.of(Path.of("/models/a.pth"), Path.of("/models/b.pth")),
          "cuda:1",
          Map.of(Path.of("/models/a.pth"), "cpu"));

  @Test
  void settingsComeBack() {
    SettingsFile file = new SettingsFile(folder.resolve("deep/settings.json"));
    assertEquals(Settings.FIRST, file.load());
    file.save(CHANGED);
    assertEquals(CHANGED, file.load());
    file.save(Settings.FIRST);
    assertEquals(Settings.FIRST, file.load());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"recents\": 7, \"window\": \"big\"}"})
  void aBrokenFileIsAFreshStart(String text) throws IOException {
    Path path = folder.resolve("settings.json");
    Files.writeString(path, text);
    assertEquals(Settings.FIRST, new SettingsFile(path).load());
  }

  @Test
  void whatIsNoGoodIsReplacedAloneByTheUsual() throws IOException {
    Path path = folder.resolve("settings.json");
    Files.writeString(path, "{\"theme\": \"DARK\", \"sampler\": {\"topP\": 7}, \"pace\": \"x\"}");
    Settings settings = new SettingsFile(path).load();
    assertEquals(Theme.DARK, settings.theme());
    assertEquals(SamplerSettings.DEFAULT, settings.sampler());
    assertEquals(Settings.FIRST.pace(), settings.pace());
  }

  @Test
  void aPlaceThatCannotBeWrittenDoesNoHarm() throws IOException {
    Path occupied = Files.createFile(folder.resolve("file"));
    SettingsFile file = new SettingsFile(occupied.resolve("settings.json"));
    file.save(CHANGED);
    assertFalse(Files.isDirectory(occupied));
    assertEquals(Settings.FIRST, file.load());
  }
}
