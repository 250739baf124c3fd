package rwkv.app.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import rwkv.app.plugins.PluginState;
import rwkv.app.plugins.Plugins;

/**
 * The headless commands. Results go to one stream, in UTF-8; everything else to the other. Nothing
 * here touches a screen, the standard streams or {@code System.exit}.
 */
@Command(
    name = "rwkv",
    mixinStandardHelpOptions = true,
    versionProvider = Build.class,
    scope = ScopeType.INHERIT,
    description = {
      "RWKV Workbench: shows the inside of RWKV language models live.",
      "Without arguments, with a model file or with 'open FILE' it opens the window."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:unexpected failure", "2:bad input: one line says what is wrong"})
public final class RwkvCommand implements Runnable {

  private static final Map<String, Class<?>> COMMANDS = commands();

  private final Input input;

  /** Columns of a note that is replaced by the next. */
  private static final int TRANSIENT = 79;

  private final PrintStream out;
  private final PrintStream err;
  private final List<Path> vocabularyFolders;
  private @Nullable List<Plugins> plugins;

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where a failure came from (a stack trace).")
  private boolean debug;

  /**
   * What a person types.
   *
   * @param bytes in UTF-8
   * @param terminal whether somebody sees what is asked
   */
  public record Input(InputStream bytes, boolean terminal) {
    /** Nothing. */
    public static final Input NONE = new Input(InputStream.nullInputStream(), false);
  }

  private RwkvCommand(Input input, PrintStream out, PrintStream err, List<Path> vocabularyFolders) {
    this.input = input;
    this.out = out;
    this.err = err;
    this.vocabularyFolders = List.copyOf(vocabularyFolders);
  }

  /** Carries out a command line to which nothing is typed. */
  public static int run(
      String[] args, PrintStream out, PrintStream err, List<Path> vocabularyFolders) {
    return run(args, Input.NONE, out, err, vocabularyFolders);
  }

  /**
   * Carries out a command line.
   *
   * @param out is given results only, in UTF-8 whatever its own encoding is
   * @param err is given one line for every problem
   * @param vocabularyFolders where to look for vocabulary files, beside a model's own folder
   * @return the exit code: 0, 1 for an unexpected failure, 2 for bad input
   */
  public static int run(
      String[] args, Input input, PrintStream out, PrintStream err, List<Path> vocabularyFolders) {
    PrintStream results = new PrintStream(out, false, StandardCharsets.UTF_8);
    RwkvCommand root = new RwkvCommand(input, results, err, vocabularyFolders);
    Failures failures = new Failures(err, List.of(args).contains("--debug"));
    CommandLine line =
        withCommands(new CommandLine(root), args)
            .setOut(new PrintWriter(results, true))
            .setErr(new PrintWriter(err, true))
            // A prompt or a list of tokens may begin with an at-sign.
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures);
    try {
      return line.execute(args);
    } catch (Error error) {
      return failures.of(error);
    } finally {
      results.flush();
    }
  }

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("info", InfoCommand.class);
    commands.put("tensors", TensorsCommand.class);
    commands.put("generate", GenerateCommand.class);
    commands.put("chat", ChatCommand.class);
    commands.put("templates", TemplatesCommand.class);
    commands.put("logits", LogitsCommand.class);
    commands.put("bench", BenchCommand.class);
    commands.put("quality", QualityCommand.class);
    commands.put("convert", ConvertCommand.class);
    commands.put("init", InitCommand.class);
    commands.put("verify", VerifyCommand.class);
    commands.put("train", TrainCommand.class);
    commands.put("probe", ProbeCommand.class);
    commands.put("replay", ReplayCommand.class);
    commands.put("devices", DevicesCommand.class);
    commands.put("help", CommandLine.HelpCommand.class);
    return Collections.unmodifiableMap(commands);
  }

  /**
   * Adds the command that the arguments begin with, or all where they begin otherwise: looking into
   * those that nobody asked for would take longer than a small model needs for its first token.
   */
  private static CommandLine withCommands(CommandLine line, String... args) {
    boolean one = args.length > 0 && COMMANDS.containsKey(args[0]) && !args[0].equals("help");
    COMMANDS.forEach((name, command) -> {
      if (!one || name.equals(args[0])) {
        line.addSubcommand(name, command);
      }
    });
    return line;
  }

  @Override
  public void run() {
    throw new BadInput("a command is missing: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** What is typed. */
  Input input() {
    return input;
  }

  /** Where results go. */
  PrintStream out() {
    return out;
  }

  /** Tells a person something that is no result and no failure, in one line. */
  void note(String message) {
    err.println("rwkv: " + Failures.oneLine(message));
  }

  /** Shows a person something in the place of what was shown so before; nothing where empty. */
  void transientNote(String message) {
    err.print("\r" + " ".repeat(TRANSIENT) + "\r" + message);
    err.flush();
  }

  /** The plugins of those folders that a person has allowed; what is wrong with one is noted. */
  List<Plugins> plugins() {
    List<Plugins> known = plugins;
    if (known == null) {
      known = vocabularyFolders.stream().map(Plugins::load).toList();
      plugins = known;
      known.stream()
          .flatMap(found -> found.entries().stream())
          .filter(entry -> entry.state() == PluginState.SET_ASIDE)
          .forEach(entry ->
              note("plugin %s is set aside: %s".formatted(entry.jar().name(), entry.reason())));
    }
    return known;
  }

  List<Path> vocabularyFolders() {
    return vocabularyFolders;
  }
}
