package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.app.plugins.Limits;
import rwkv.app.plugins.Plugins;
import rwkv.app.plugins.TemplateJar;

/** Commands use the plugins that a person has allowed in the window. */
class PluginTokenizersTest {

  @TempDir Path folder;

  private Path plugins() {
    return folder.resolve("plugins");
  }

  private Cli run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        RwkvCommand.run(
            words,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of(plugins()));
    return new Cli(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void onlyAnAllowedTokenizerIsOffered() throws IOException {
    String model = TestModel.write(folder).toString();
    TemplateJar.write(plugins().resolve("template.jar"));
    assertFalse(run("info", model).text().contains("latin1"));
    Plugins window = new Plugins(plugins(), Limits.USUAL, true);
    window.look();
    window.allow(window.entries().getFirst().jar(), true);
    Cli info = run("info", model);
    assertTrue(info.text().contains("latin1"), info.text());
    assertEquals("", info.err());
    Cli text =
        run("generate", model, "--prompt", "é", "--max-tokens", "2", "--tokenizer", "latin1");
    assertEquals(0, text.code(), text.err());
    window.disable(window.entries().getFirst().jar());
    assertFalse(run("info", model).text().contains("latin1"));
  }

  @Test
  void aPluginThatIsSetAsideIsNotedAndTheCommandGoesOn() throws IOException {
    String model = TestModel.write(folder).toString();
    Files.createDirectories(plugins());
    Files.writeString(plugins().resolve("bad.jar"), "nothing");
    Cli info = run("info", model);
    assertEquals(0, info.code());
    assertEquals(
        "rwkv: plugin bad.jar is set aside: bad.jar is no jar: it cannot be read as a zip file.\n",
        info.err());
  }
}
