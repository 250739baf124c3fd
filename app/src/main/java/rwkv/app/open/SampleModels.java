package rwkv.app.open;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that come with the program. */
public final class SampleModels {

  private static final String FOLDER = "sample-models";
  private static final String INDEX = "samples.txt";
  private static final int DEPTH = 3;

  /**
   * A sample.
   *
   * @param meaning what it is, in a few words; empty where the index has none
   */
  public record Sample(Path file, String meaning) {}

  private SampleModels() {}

  /**
   * The samples under {@code sample-models} in the folder that the system property {@code
   * rwkv.home} names, else in the working directory or the nearest folder above it that has one:
   * first those that its index {@value #INDEX} lists, in that order, then all others.
   */
  public static List<Sample> find() {
    return folder().map(SampleModels::samplesIn).orElse(List.of());
  }

  /** The sample to begin with, if there is one. */
  public static Optional<Path> first() {
    return find().stream().findFirst().map(Sample::file);
  }

  /** A line of the index is a file's path, white space, and what it is. */
  static List<Sample> samplesIn(Path folder) {
    Map<Path, Sample> samples = new LinkedHashMap<>();
    List<Path> models = modelsIn(folder);
    for (String line : index(folder)) {
      String[] parts = line.strip().split("\\s+", 2);
      models.stream()
          .filter(model -> folder.relativize(model).toString().replace('\\', '/').equals(parts[0]))
          .forEach(
              model -> samples.put(model, new Sample(model, parts.length < 2 ? "" : parts[1])));
    }
    models.forEach(model -> samples.putIfAbsent(model, new Sample(model, "")));
    return List.copyOf(samples.values());
  }

  private static List<String> index(Path folder) {
    Path file = folder.resolve(INDEX);
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException | UncheckedIOException e) {
      System.getLogger("rwkv.workbench").log(Level.INFO, "{0} cannot be read: {1}", file, e);
      return List.of();
    }
  }

  /** Whether a name is that of a model file. */
  public static boolean isModelFile(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return List.of(".pth", ".safetensors", ".gguf", ".bin").stream().anyMatch(name::endsWith);
  }

  /** The text that a model's folder suggests to begin with ({@code prompt.txt}), if any. */
  public static Optional<String> promptFor(Path model) {
    Path file = model.resolveSibling("prompt.txt");
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Files.readString(file).stripTrailing())
          : Optional.empty();
    } catch (IOException | UncheckedIOException e) {
      System.getLogger("rwkv.workbench").log(Level.INFO, "{0} cannot be read: {1}", file, e);
      return Optional.empty();
    }
  }

  static List<Path> modelsIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return files
          .filter(file -> isModelFile(file) && Files.isRegularFile(file))
          .filter(file -> !isCompanion(String.valueOf(file.getFileName())))
          .sorted(Comparator.comparing(SampleModels::isVariant).thenComparing(Path::toString))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      System.getLogger("rwkv.workbench").log(Level.INFO, "{0} cannot be searched: {1}", folder, e);
      return List.of();
    }
  }

  /** Whether a folder's main model, named like the folder, is another one. */
  private static boolean isVariant(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null || !folder.endsWith(ModelName.of(file));
  }

  /** Saved states and test vectors lie beside models, in the same format. */
  private static boolean isCompanion(String name) {
    return name.contains(".state.") || name.contains(".vectors.");
  }

  private static Optional<Path> folder() {
    String home = System.getProperty("rwkv.home", "");
    if (!home.isEmpty()) {
      return Optional.of(Path.of(home, FOLDER)).filter(Files::isDirectory);
    }
    return Stream.<Path>iterate(
            Path.of("").toAbsolutePath(), folder -> folder != null, folder -> folder.getParent())
        .map(folder -> folder.resolve(FOLDER))
        .filter(Files::isDirectory)
        .findFirst();
  }
}
