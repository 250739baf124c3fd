package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says about itself. */
class HelpTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "info",
        "tensors",
        "logits",
        "generate",
        "chat",
        "train",
        "templates",
        "bench",
        "quality",
        "init",
        "probe",
        "replay",
        "devices"
      })
  void everyCommandExplainsItselfWithExamples(String command) {
    String help = Cli.ok(command, "--help").text();
    assertTrue(help.startsWith("Usage: rwkv " + command), help);
    assertTrue(help.contains("Examples:"), help);
    assertEquals(help, Cli.ok("help", command).text());
    assertTrue(Cli.ok("--help").text().contains("  " + command + " "));
  }

  @Test
  void theVersionComesFromTheBuild() {
    String version = Cli.ok("--version").text();
    assertTrue(version.matches("(?s)rwkv \\d+\\.\\d+\\S*\\R.*"), version);
  }
}
