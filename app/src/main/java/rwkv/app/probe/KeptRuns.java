package rwkv.app.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.RunStore;

/** Runs that are over, in files; what takes time is done in the background. */
final class KeptRuns {

  private final RunStore store;
  private final Executor background;
  private final Executor foreground;
  private final Messages messages;
  private final Set<ProbeRun> unsaved = ConcurrentHashMap.newKeySet();

  KeptRuns(RunStore store, Executor background, Executor foreground, Messages messages) {
    this.store = store;
    this.background = background;
    this.foreground = foreground;
    this.messages = messages;
  }

  /**
   * Looks which there are.
   *
   * @param found is told in the foreground, the runs without their tables
   */
  void list(Consumer<List<ProbeRun>> found) {
    background.execute(() -> {
      RunStore.Listing listing = store.list();
      foreground.execute(() -> {
        found.accept(listing.runs());
        listing.problems().forEach(each -> messages.news("A run was left out: " + each));
      });
    });
  }

  /** Reads a run with its tables. */
  void load(ProbeRun head, Consumer<ProbeRun> whole) {
    attempt(
        "The run cannot be shown: ",
        () -> {
          ProbeRun run = store.load(head.id());
          foreground.execute(() -> whole.accept(run));
        });
  }

  void save(ProbeRun run) {
    unsaved.add(run);
    attempt("The run could not be kept: ", () -> saveNow(run));
  }

  private void saveNow(ProbeRun run) throws IOException {
    if (unsaved.remove(run)) {
      store.save(run);
    }
  }

  void delete(ProbeRun run) {
    attempt("The run could not be deleted: ", () -> store.delete(run.id()));
  }

  /** Copies all files of a run into a new folder within another. */
  void export(ProbeRun run, Path into) {
    attempt(
        "The run could not be saved: ",
        () -> {
          Path copy = copy(store.place(run.id()), into);
          foreground.execute(() -> messages.news("Saved " + copy + "."));
        });
  }

  private static Path copy(Path folder, Path into) throws IOException {
    Path copy = Files.createDirectory(into.resolve(String.valueOf(folder.getFileName())));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(String.valueOf(file.getFileName())));
      }
    }
    return copy;
  }

  /** Saves at once what the background has not come to. */
  void close() {
    for (ProbeRun run : List.copyOf(unsaved)) {
      now("The run could not be kept: ", () -> saveNow(run));
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void attempt(String otherwise, Work work) {
    background.execute(() -> now(otherwise, work));
  }

  private void now(String otherwise, Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      foreground.execute(() -> messages.problem(otherwise + Sentence.of(e), e));
    }
  }
}
