package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What a command line gave.
 *
 * @param out what a pipe would get
 */
record Cli(int code, byte[] out, String err) {

  /** Runs a command line in this process. */
  static Cli run(Object... words) {
    String[] args = Arrays.stream(words).map(String::valueOf).toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    // An encoding that can write nothing but ASCII, as where no language is set.
    int code =
        RwkvCommand.run(
            args,
            new PrintStream(out, false, StandardCharsets.US_ASCII),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of());
    return new Cli(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command line that must work and say nothing but its result. */
  static Cli ok(Object... words) {
    Cli cli = run(words);
    assertEquals("", cli.err);
    assertEquals(0, cli.code);
    return cli;
  }

  /** Runs a command line that must be refused in one line. */
  static String refused(Object... words) {
    Cli cli = run(words);
    assertEquals("", cli.text());
    assertTrue(cli.err.startsWith("rwkv: "), cli.err);
    assertTrue(cli.err.endsWith("\n"), cli.err);
    assertEquals(1, cli.err.lines().count(), cli.err);
    assertFalse(cli.err.contains("Exception"), cli.err);
    assertEquals(2, cli.code, cli.err);
    return cli.err;
  }

  String text() {
    return new String(out, StandardCharsets.UTF_8);
  }
}
