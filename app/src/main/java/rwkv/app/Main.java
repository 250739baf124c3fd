package rwkv.app;

import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.logging.Filter;
import java.util.logging.Logger;
import javafx.application.Application;
import rwkv.app.cli.RwkvCommand;
import rwkv.app.cli.RwkvCommand.Input;
import rwkv.app.open.SampleModels;

/**
 * Starts the window or a command. Without arguments, with {@code open FILE} or with just a model
 * file it is the window; anything else is for {@link RwkvCommand}, which needs no screen. Not an
 * {@link Application} itself, because Java then starts without JavaFX on the module path.
 */
public final class Main {

  // Kept here because loggers are otherwise forgotten, with their filters.
  private static final Logger JAVAFX = Logger.getLogger("javafx");
  private static final Logger STYLES = Logger.getLogger("javafx.css");

  private Main() {}

  public static void main(String[] args) {
    // Numbers look the same on every screen, in every file and in every script.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    if (wantsWindow(args)) {
      // JavaFX warns of the class path, which is how this program is meant to run, and of colours
      // in the style sheet of ChartFX that it replaces.
      JAVAFX.setFilter(without("Unsupported JavaFX configuration"));
      STYLES.setFilter(without("io/fair_acc/chartfx/"));
      boolean named = args.length > 0 && args[0].equals("open");
      Application.launch(Workbench.class, named ? Arrays.copyOfRange(args, 1, args.length) : args);
    } else {
      List<Path> vocabularies = List.of(SettingsFile.pluginFolder());
      Console console = System.console();
      Input input = new Input(System.in, console != null && console.isTerminal());
      System.exit(RwkvCommand.run(args, input, System.out, System.err, vocabularies));
    }
  }

  static boolean wantsWindow(String... args) {
    return switch (args.length) {
      case 0 -> true;
      case 1 -> args[0].equals("open") || isModel(args[0]);
      case 2 -> args[0].equals("open") && !args[1].startsWith("-");
      default -> false;
    };
  }

  private static Filter without(String words) {
    return entry -> !String.valueOf(entry.getMessage()).contains(words);
  }

  private static boolean isModel(String argument) {
    return !argument.startsWith("-")
        && (SampleModels.isModelFile(Path.of(argument)) || Files.isRegularFile(Path.of(argument)));
  }
}
