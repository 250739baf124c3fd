package rwkv.app.probe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Messages;
import rwkv.app.open.Opened;
import rwkv.app.open.TokenizerChoice;
import rwkv.app.probing.ProbeCatalog;
import rwkv.app.probing.ProbeEntry;
import rwkv.app.probing.ProbeRun;
import rwkv.app.probing.ProbeRunner;
import rwkv.app.probing.RunStore;
import rwkv.app.probing.Subject;
import rwkv.engine.model.ModelSpec;

/**
 * The probes there are, the form of the chosen one, and all runs: those that are going on and those
 * of before. Used on the foreground thread; every run has a thread of its own, files are handled in
 * the background.
 */
public final class ProbesViewModel implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ReadOnlyObjectProperty<@Nullable Opened> opened;
  private final KeptRuns kept;
  private final ProbeRunner runner;
  private final Executor background;
  private final Executor foreground;
  private final Messages messages;
  private final ObservableList<ProbeEntry> probes = FXCollections.observableArrayList();
  private final Map<String, ProbeFormViewModel> forms = new HashMap<>();
  private final ReadOnlyObjectWrapper<Map<String, String>> unsuitable =
      new ReadOnlyObjectWrapper<>(Map.of());
  private final ObjectProperty<@Nullable ProbeEntry> probe = new SimpleObjectProperty<>();
  private final ReadOnlyObjectWrapper<@Nullable ProbeFormViewModel> form =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final ObservableList<ProbeRunViewModel> runs = FXCollections.observableArrayList();
  private final ObservableList<ProbeRunViewModel> chosen = FXCollections.observableArrayList();
  private final ReadOnlyIntegerWrapper revision = new ReadOnlyIntegerWrapper();
  private Subscription typing = Subscription.EMPTY;
  private @Nullable Opened subjectOf;
  private @Nullable Subject subject;

  /**
   * Finds the runs of before.
   *
   * @param opened the open model
   * @param store of runs that are over
   * @param background for files, and to ask probes what they suit
   * @param foreground where this and its listeners are used
   */
  public ProbesViewModel(
      ReadOnlyObjectProperty<@Nullable Opened> opened,
      RunStore store,
      ProbeRunner runner,
      Executor background,
      Executor foreground,
      Messages messages) {
    this.opened = opened;
    kept = new KeptRuns(store, background, foreground, messages);
    this.runner = runner;
    this.background = background;
    this.foreground = foreground;
    this.messages = messages;
    opened.subscribe(this::askWhatSuits);
    probe.subscribe(this::show);
    unsuitable.subscribe(this::check);
    chosen.addListener((ListChangeListener<ProbeRunViewModel>) _ -> load());
    kept.list(this::found);
  }

  /** The probes, by name. */
  public ObservableList<ProbeEntry> probes() {
    return probes;
  }

  /** Looks in the background which probes there are now. */
  public void find(Supplier<ProbeCatalog> catalog) {
    background.execute(() -> {
      ProbeCatalog found = catalog.get();
      foreground.execute(() -> {
        offer(found.entries());
        found.problems().forEach(each -> messages.news(each.toString()));
      });
    });
  }

  /** Other probes than before; what was typed for those that stay, stays. */
  public void offer(List<ProbeEntry> offered) {
    ProbeEntry before = probe.get();
    List<ProbeEntry> sorted =
        offered.stream().sorted(Comparator.comparing(ProbeEntry::name)).toList();
    for (ProbeEntry entry : sorted) {
      forms.computeIfPresent(
          entry.id(), (_, typed) -> typed.probe() == entry ? typed : typed.of(entry));
    }
    probes.setAll(sorted);
    String id = before == null ? "" : before.id();
    probe.set(
        sorted.stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElse(sorted.isEmpty() ? null : sorted.getFirst()));
    askWhatSuits();
  }

  /** The probe whose form is shown. */
  public ObjectProperty<@Nullable ProbeEntry> probeProperty() {
    return probe;
  }

  /** The chosen probe's form. */
  public ReadOnlyObjectProperty<@Nullable ProbeFormViewModel> formProperty() {
    return form.getReadOnlyProperty();
  }

  /** Why probes make no sense for the open model, by their identifiers. */
  public ReadOnlyObjectProperty<Map<String, String>> unsuitableProperty() {
    return unsuitable.getReadOnlyProperty();
  }

  /** Why the chosen probe cannot be run, or empty. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** The newest first. */
  public ObservableList<ProbeRunViewModel> runs() {
    return runs;
  }

  /** Those that are looked at. */
  public ObservableList<ProbeRunViewModel> chosen() {
    return chosen;
  }

  /** Changes with everything that is told of runs. */
  public ReadOnlyIntegerProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /** The chosen runs that can be compared: those of one probe, the oldest first. */
  public List<ProbeRunViewModel> compared() {
    if (chosen.isEmpty()) {
      return List.of();
    }
    String id = chosen.getFirst().run().probe().id();
    return chosen.stream()
        .filter(each -> each.run().probe().id().equals(id))
        .sorted(Comparator.comparing(each -> each.run().started()))
        .toList();
  }

  private void show(@Nullable ProbeEntry entry) {
    typing.unsubscribe();
    if (entry == null) {
      form.set(null);
    } else {
      ProbeFormViewModel shown =
          forms.computeIfAbsent(entry.id(), _ -> new ProbeFormViewModel(entry));
      form.set(shown);
      typing = shown.problemProperty().subscribe((_, _) -> check());
    }
    check();
  }

  private void askWhatSuits() {
    Opened now = opened.get();
    check();
    if (now == null) {
      unsuitable.set(Map.of());
      return;
    }
    List<ProbeEntry> asked = List.copyOf(probes);
    ModelSpec spec = now.model().spec();
    background.execute(() -> {
      Map<String, String> reasons = new HashMap<>();
      for (ProbeEntry entry : asked) {
        entry.unsuitable(spec).ifPresent(reason -> reasons.put(entry.id(), reason));
      }
      foreground.execute(() -> {
        if (opened.get() == now) {
          unsuitable.set(reasons);
        }
      });
    });
  }

  private void check() {
    problem.set(findProblem());
  }

  private String findProblem() {
    ProbeFormViewModel typed = form.get();
    Opened now = opened.get();
    if (typed == null) {
      return "There is no probe.";
    }
    if (now == null) {
      return "Open a model first.";
    }
    if (now.tokenizer() == null) {
      return "No tokenizer suits the model.";
    }
    String reason = unsuitable.get().get(typed.probe().id());
    return reason == null ? typed.problemProperty().get() : reason;
  }

  /** Starts the chosen probe; others that are running go on. */
  public Optional<ProbeRunViewModel> start() {
    ProbeFormViewModel typed = form.get();
    Subject on = subject();
    if (typed == null || on == null || !problem.get().isEmpty()) {
      messages.news(problem.get());
      return Optional.empty();
    }
    AtomicBoolean news = new AtomicBoolean();
    ProbeRunViewModel run =
        ProbeRunViewModel.started(
            runner.start(
                typed.probe(), on, typed.choices(), typed.seed().value(), () -> news.set(true)),
            news);
    add(run);
    chosen.setAll(run);
    return Optional.of(run);
  }

  /** Looks at what is running; to be called a few times a second. */
  public void look() {
    for (ProbeRunViewModel run : List.copyOf(runs)) {
      run.look();
      if (run.isToBeKept()) {
        keep(run);
      }
    }
  }

  private @Nullable Subject subject() {
    Opened now = opened.get();
    TokenizerChoice tokenizer = now == null ? null : now.tokenizer();
    if (now == null || tokenizer == null) {
      return null;
    }
    if (subjectOf != now) {
      subjectOf = now;
      subject = now.model().subject(tokenizer);
    }
    return subject;
  }

  private void add(ProbeRunViewModel run) {
    int at = 0;
    while (at < runs.size() && runs.get(at).run().started().isAfter(run.run().started())) {
      at++;
    }
    runs.add(at, run);
    run.revisionProperty().subscribe((_, _) -> changed());
    changed();
  }

  private void changed() {
    revision.set(revision.get() + 1);
  }

  private void keep(ProbeRunViewModel run) {
    ProbeRun over = run.run();
    if (!over.problem().isEmpty()) {
      messages.problem(over.problem(), null);
    } else {
      messages.news("%s: %s.".formatted(over.probe().name(), over.state().word()));
    }
    kept.save(over);
  }

  private void found(List<ProbeRun> before) {
    before.forEach(each -> add(ProbeRunViewModel.kept(each)));
    if (chosen.isEmpty() && !runs.isEmpty()) {
      chosen.setAll(runs.getFirst());
    }
  }

  /** Reads what runs of before have found, once it is looked at. */
  private void load() {
    for (ProbeRunViewModel run : List.copyOf(chosen)) {
      if (run.isToBeLoaded()) {
        kept.load(run.run(), run::loaded);
      }
    }
  }

  /** Ends runs soon; what is there is kept. */
  public void cancel(List<ProbeRunViewModel> ended) {
    ended.forEach(ProbeRunViewModel::cancel);
  }

  /** Types what a run was started with, for another one. */
  public void again(ProbeRunViewModel run) {
    probes.stream()
        .filter(each -> each.id().equals(run.run().probe().id()))
        .findFirst()
        .ifPresentOrElse(
            entry -> {
              probe.set(entry);
              ProbeFormViewModel typed = form.get();
              if (typed != null) {
                typed.use(run.run().parameters(), run.run().seed());
              }
            },
            () -> messages.news("There is no probe %s now.".formatted(run.run().probe().id())));
  }

  /** Removes runs that are over, with their files. */
  public void delete(List<ProbeRunViewModel> unwanted) {
    List<ProbeRunViewModel> over = unwanted.stream().filter(each -> !each.isRunning()).toList();
    chosen.removeAll(over);
    runs.removeAll(over);
    changed();
    over.forEach(each -> kept.delete(each.run()));
  }

  /** Copies all files of a run that is over into a new folder within another. */
  public void export(ProbeRunViewModel run, Path into) {
    kept.export(run.run(), into);
  }

  public Messages messages() {
    return messages;
  }

  /** Ends what is running, and keeps what is there. */
  @Override
  public void close() {
    for (ProbeRunViewModel run : runs) {
      run.cancel();
    }
    for (ProbeRunViewModel run : runs) {
      run.end(PATIENCE);
      if (run.isToBeKept()) {
        kept.save(run.run());
      }
    }
    kept.close();
  }
}
