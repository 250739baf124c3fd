package rwkv.engine.check;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.bench.ModelShape;
import rwkv.engine.session.Engine;

/** The program that checks a device. */
public final class Main {

  private static final int WRONG = 1;
  private static final int UNUSABLE = 2;

  private static final String HELP =
      """
      Checks what a device computes with our kernels and how fast; prints one Markdown table.

        --device ID      cuda (which is the default), cuda:1, cpu, ...
        --quick          a shorter text, and the benchmark only to see that it runs
        --out FILE       writes the table into a file too
        --only PARTS     some of %s, separated by commas
        --shapes SHAPES  of the benchmark, as 0.1B,1.5B or 12x768
        --threads N      of the processor
        --seed N         of the random input of kernels
        --data FOLDER    where reference models or sample models lie; may be given again
        --commit TEXT    what the table says that the program was made from
        --list-files     checks nothing; prints the files that are needed below the folders of data: those of
                         a model in a line, one of each kind and then small ones first
      Exit code: 0 if everything is right, 1 if a check failed, 2 if there is no such device or option.
      """;

  private final Deque<String> arguments;
  private final Set<Part> parts = EnumSet.allOf(Part.class);
  private final List<Path> folders = new ArrayList<>();
  private List<String> shapes = List.of();
  private String device = "cuda";
  private String commit = "unknown";
  private int threads = Engine.defaultThreads();
  private long seed = System.nanoTime();
  private boolean quick;
  private boolean help;
  private boolean listing;
  private @Nullable Path out;

  private Main(String... arguments) {
    this.arguments = new ArrayDeque<>(List.of(arguments));
  }

  /** Ends the process with the exit code. */
  public static void main(String... arguments) {
    System.exit(run(Backends.installed(), System.out, System.err, arguments));
  }

  /**
   * The program.
   *
   * @param backends there are
   * @param results takes the table
   * @param problems takes a sentence where nothing could be checked
   * @return the exit code
   */
  static int run(
      Backends backends, PrintStream results, PrintStream problems, String... arguments) {
    Backend backend;
    Main main = new Main(arguments);
    try {
      main.parse();
      if (main.help) {
        results.print(HELP.formatted(Part.names()));
        return 0;
      }
      if (main.listing) {
        main.list(results);
        return 0;
      }
      backend = backends.choose(main.device);
    } catch (IllegalArgumentException e) {
      problems.println(e.getMessage());
      return UNUSABLE;
    }
    return main.check(backend, results, problems);
  }

  private void parse() {
    while (!arguments.isEmpty()) {
      String option = arguments.pop();
      switch (option) {
        case "--device" -> device = value(option);
        case "--quick" -> quick = true;
        case "--out" -> out = Path.of(value(option));
        case "--only" -> {
          parts.clear();
          Arrays.stream(value(option).split(",")).map(Part::of).forEach(parts::add);
        }
        case "--shapes" -> {
          shapes = List.of(value(option).split(","));
          shapes.forEach(ModelShape::parse);
        }
        case "--threads" -> threads = (int) number(option, 1, 4096);
        case "--seed" -> seed = number(option, Long.MIN_VALUE, Long.MAX_VALUE);
        case "--data" -> folders.add(Path.of(value(option)));
        case "--commit" -> commit = value(option);
        case "--list-files" -> listing = true;
        case "--help", "-h" -> help = true;
        default ->
            throw new IllegalArgumentException(
                "'%s' is no option, --help names them".formatted(option));
      }
    }
  }

  private String value(String option) {
    String value = arguments.poll();
    if (value == null) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }

  private long number(String option, long least, long most) {
    String value = value(option);
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s is '%s', expected a whole number from %d to %d".formatted(option, value, least, most));
  }

  /** What a bundle should carry: one model of each kind, then as many as fit. */
  private void list(PrintStream results) {
    ReferenceFiles files = new ReferenceFiles(folders);
    List<GoldenModel> models = new ArrayList<>(GoldenModel.all());
    models.sort(Comparator.comparingLong(model -> files.bytes(model.files())));
    Set<String> kinds = new HashSet<>();
    Set<String> lines = new LinkedHashSet<>();
    lines.add(SampleModels.SMALL);
    lines.add(String.join(" ", GradientVectors.files()));
    for (GoldenModel model : models) {
      if (kinds.add(model.model().substring(0, model.model().indexOf('/')))) {
        lines.add(String.join(" ", model.files()));
      }
    }
    models.forEach(model -> lines.add(String.join(" ", model.files())));
    lines.addAll(SampleModels.NAMES);
    lines.forEach(results::println);
  }

  private int check(Backend backend, PrintStream results, PrintStream problems) {
    CheckPlan plan = new CheckPlan(parts, folders, threads, quick, shapes, seed, commit);
    try (Writer file = out == null ? Writer.nullWriter() : Files.newBufferedWriter(out)) {
      int failed =
          DeviceCheck.run(
              backend,
              plan,
              line -> {
                results.println(line);
                results.flush();
                write(file, line);
              });
      return failed == 0 ? 0 : WRONG;
    } catch (IOException | UncheckedIOException e) {
      problems.println("the table cannot be written: " + e.getMessage());
      return UNUSABLE;
    }
  }

  /** At once, so that the file tells what was found before a crash. */
  private static void write(Writer file, String line) {
    try {
      file.write(line + "\n");
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
