package rwkv.app.plugins;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.session.Engine;
import rwkv.plugin.ByteTokens;
import rwkv.plugin.PluginApi;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.SmallModel;
import rwkv.plugin.TestRun;
import rwkv.plugin.Tokenizer;

/** The template is built alone, against the API, put into the folder, and works. */
class TemplateTest {

  @TempDir Path folder;

  @Test
  void itsProbeAndItsTokenizerAreFoundAndWork() throws IOException {
    TemplateJar.write(folder.resolve("template.jar"));
    Plugins plugins = new Plugins(folder, Limits.USUAL, true);
    plugins.look();
    plugins.allow(plugins.entries().getFirst().jar(), true);
    PluginEntry entry = plugins.entries().getFirst();
    assertEquals(PluginState.ENABLED, entry.state(), entry.reason());
    assertEquals(List.of("probe second-reading", "tokenizer latin1"), entry.offers());

    Probe probe = plugins.probes().getFirst().probe();
    try (Engine engine = SmallModel.of(1).open()) {
      Map<String, ?> parameters = Map.of("tokens", 4, "passages", 1);
      ProbeResult result = probe.run(TestRun.of(probe, engine, new ByteTokens(), parameters, 1));
      assertEquals(8, result.table("loss").rowCount());
      assertTrue(result.verdict().startsWith("The loss is "), result.verdict());
    }
    Tokenizer tokenizer = plugins.tokenizers().getFirst().create(Optional.empty());
    assertArrayEquals(new int[] {'a' + 1, 'b' + 1}, tokenizer.encode("ab"));
    assertEquals("ab", tokenizer.decode(new int[] {'a' + 1, 'b' + 1}));
  }

  @Test
  void itsBuildSaysWhichApiItWants() throws IOException {
    String pom = Files.readString(TemplateJar.folder().resolve("pom.xml"));
    assertTrue(pom.contains("<rwkv.plugin.api>" + PluginApi.VERSION + "<"), pom);
    assertFalse(pom.contains("<parent>"), "it belongs to no other build");
  }
}
