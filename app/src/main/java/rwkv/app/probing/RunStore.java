package rwkv.app.probing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The runs that are kept, a folder for each.
 *
 * @param folder of the folders; it need not exist
 */
public record RunStore(Path folder) {

  private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /**
   * What is there.
   *
   * @param runs without their tables, the latest first
   * @param problems a sentence for each run that cannot be read
   */
  public record Listing(List<ProbeRun> runs, List<String> problems) {
    public Listing {
      runs = List.copyOf(runs);
      problems = List.copyOf(problems);
    }
  }

  /** All runs; one that is damaged is named and left out. */
  public Listing list() {
    List<ProbeRun> runs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try {
      for (Path each : folders()) {
        try {
          runs.add(named(RunFolder.readHead(each.resolve(RunFolder.RUN)), each));
        } catch (NoSuchFileException e) {
          problems.add(e.getFile() + ": there is no such file");
        } catch (IOException e) {
          problems.add(String.valueOf(e.getMessage()));
        }
      }
    } catch (IOException e) {
      problems.add(folder + ": it cannot be read: " + e.getMessage());
    }
    runs.sort(Comparator.comparing(ProbeRun::started).reversed());
    return new Listing(runs, problems);
  }

  private List<Path> folders() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory)
          .filter(each -> ID.matcher(String.valueOf(each.getFileName())).matches())
          .sorted()
          .toList();
    }
  }

  /** Somebody may have renamed or copied the folder: its name is what finds it. */
  private static ProbeRun named(ProbeRun run, Path folder) {
    return run.named(String.valueOf(folder.getFileName()));
  }

  /**
   * A run with its tables.
   *
   * @throws IOException in a sentence, if it cannot be read
   */
  public ProbeRun load(String id) throws IOException {
    Path place = place(id);
    return named(RunFolder.read(place.resolve(RunFolder.RUN)), place);
  }

  /**
   * Keeps a run that is over; one of the same identifier is replaced.
   *
   * @throws IOException if it cannot be written
   */
  public void save(ProbeRun run) throws IOException {
    Path place = place(run.id());
    Files.createDirectories(folder);
    Path fresh = folder.resolve("." + UUID.randomUUID() + ".tmp");
    Files.createDirectory(fresh);
    try {
      RunFolder.write(run, fresh);
      if (Files.exists(place)) {
        delete(run.id());
      }
      Files.move(fresh, place);
    } finally {
      remove(fresh);
    }
  }

  /**
   * Forgets a run, if it is there.
   *
   * @throws IOException if it cannot be removed
   */
  public void delete(String id) throws IOException {
    Path place = place(id);
    if (Files.isDirectory(place)) {
      // In one step, so that no half of it can be seen.
      Path gone = folder.resolve("." + UUID.randomUUID() + ".tmp");
      Files.move(place, gone);
      remove(gone);
    }
  }

  /** Where a run is kept. */
  public Path place(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "a run is called '%s', expected a–z, 0–9 and hyphens".formatted(id));
    }
    return folder.resolve(id);
  }

  private static void remove(Path gone) throws IOException {
    if (!Files.isDirectory(gone)) {
      return;
    }
    try (Stream<Path> files = Files.list(gone)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(gone);
  }
}
