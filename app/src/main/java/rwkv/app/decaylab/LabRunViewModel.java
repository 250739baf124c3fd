package rwkv.app.decaylab;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executor;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import rwkv.app.generate.Field;
import rwkv.app.generate.Fields;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.app.open.OpenModel;
import rwkv.app.open.OpenViewModel;
import rwkv.app.open.Opened;
import rwkv.engine.checkpoint.PthWriter;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Version;
import rwkv.engine.tensor.DType;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.DecayShape;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;

/** What is done with a curve: tried in the open model, compared with its own, written to files. */
public final class LabRunViewModel {

  private final DecayLabViewModel lab;
  private final OpenViewModel open;
  private final LabText text;
  private final Messages messages;
  private final LabJob job;
  private final BooleanProperty openChosen = new SimpleBooleanProperty(true);
  private final ReadOnlyBooleanWrapper openKnown = new ReadOnlyBooleanWrapper();
  private final ReadOnlyBooleanWrapper applied = new ReadOnlyBooleanWrapper();
  private final ReadOnlyObjectWrapper<@Nullable DataBand> band = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable Comparison> comparison =
      new ReadOnlyObjectWrapper<>();
  private final StringProperty prompt = new SimpleStringProperty("");
  private final StringProperty judged = new SimpleStringProperty("");
  private final Field<Long> most =
      Fields.whole("tokens", "How many tokens each of the two writes", 120, 1, 4096);
  private @Nullable OpenModel model;
  private @Nullable OpenModel changed;
  private @Nullable LabSubject ofOpen;

  /**
   * @param worker may start a thread for each piece of work
   * @param foreground the JavaFX thread
   */
  public LabRunViewModel(
      DecayLabViewModel lab,
      OpenViewModel open,
      GenerateViewModel generate,
      Executor worker,
      Executor foreground,
      Messages messages) {
    this.lab = lab;
    this.open = open;
    this.text = new LabText(generate);
    this.messages = messages;
    this.job = new LabJob(worker, foreground, messages);
    open.openedProperty().subscribe(this::follow);
    openChosen.subscribe(this::choose);
    lab.subjectProperty().subscribe((_, now) -> openChosen.set(now.isOpen()));
  }

  public LabJob job() {
    return job;
  }

  /** Whether the open model's decays are edited; else those of a model about to be created. */
  public BooleanProperty openChosenProperty() {
    return openChosen;
  }

  /** Whether there is an open model with decays. */
  public ReadOnlyBooleanProperty openKnownProperty() {
    return openKnown.getReadOnlyProperty();
  }

  /** Whether the open model computes with decays of the lab. */
  public ReadOnlyBooleanProperty appliedProperty() {
    return applied.getReadOnlyProperty();
  }

  /** What the data make of the decays; null until it was measured. */
  ReadOnlyObjectProperty<@Nullable DataBand> bandProperty() {
    return band.getReadOnlyProperty();
  }

  /** Original and changed model side by side; null until they were compared. */
  public ReadOnlyObjectProperty<@Nullable Comparison> comparisonProperty() {
    return comparison.getReadOnlyProperty();
  }

  /** What both go on from; where it is blank, the prompt of the session. */
  public StringProperty promptProperty() {
    return prompt;
  }

  /** What both are to predict; where it is blank, what the original writes. */
  public StringProperty judgedProperty() {
    return judged;
  }

  /** Tokens that each writes. */
  public Field<Long> most() {
    return most;
  }

  private void follow(@Nullable Opened opened) {
    OpenModel next = opened == null ? null : opened.model();
    if (next == model || next != null && next == changed) {
      model = next;
      return;
    }
    if (opened != null && opened.goesOn() && openKnown.get()) {
      // The same model with the same decays on another device: all that is known of it stays.
      job.cancel();
      model = next;
      return;
    }
    job.cancel();
    model = next;
    changed = null;
    ofOpen = null;
    applied.set(false);
    band.set(null);
    comparison.set(null);
    openKnown.set(false);
    if (next != null && next.spec().version().decay() != Version.Decay.NONE) {
      job.start("reading the decays", next::decays, curve -> arrived(next, curve), _ -> {});
    }
  }

  private void arrived(OpenModel read, DecayCurve curve) {
    if (model == read) {
      ofOpen = new LabSubject(read.name(), curve, null);
      openKnown.set(true);
      choose(openChosen.get());
    }
  }

  private void choose(boolean isOpen) {
    LabSubject there = ofOpen;
    boolean shown = lab.subjectProperty().get().isOpen();
    if (isOpen && there != null && lab.subjectProperty().get() != there) {
      lab.show(there);
    } else if (!isOpen && shown) {
      ModelPlan plan = lab.plan().planProperty().get();
      lab.show(new LabSubject("a new " + plan.decays(), plan.officialDecays(), plan));
    }
  }

  /** Measures the band that the current text makes of the decays, where they depend on it. */
  public void measureBand() {
    OpenModel now = model;
    if (now == null || now.spec().version().decay() != Version.Decay.PER_TOKEN) {
      return;
    }
    trying(
        "The band",
        () -> {
          int[] tokens = text.current(now.spec().vocabulary());
          job.<DataBand>start(
              "reading " + tokens.length + " tokens",
              progress -> {
                DecayCurve own = now.decays(progress);
                return now.compute((s, p) -> DataBand.measure(s, tokens, own, p), progress);
              },
              band::set,
              _ -> {});
        });
  }

  /** The open model computes with the lab's decays from now on; its text begins anew. */
  public void apply() {
    put(lab.toCurve(), "putting the decays into the model", true);
  }

  /** The open model computes with the decays of its file again. */
  public void revertModel() {
    if (applied.get()) {
      put(lab.subjectProperty().get().start(), "going back to the model's own decays", false);
    }
  }

  private void put(DecayCurve curve, String words, boolean isChanged) {
    OpenModel now = model;
    if (now == null || !lab.subjectProperty().get().isOpen()) {
      return;
    }
    job.<OpenModel>start(
        words,
        progress -> now.with(curve, isChanged, progress),
        next -> {
          changed = next;
          open.replace(now, next);
          applied.set(isChanged);
          messages.news(
              isChanged
                  ? next.name() + " now computes with the lab's decays."
                  : next.name() + " computes with its own decays again.");
        },
        OpenModel::close);
  }

  /** Has the original and the changed model write from the same prompt with the same seed. */
  public void compare() {
    OpenModel now = model;
    if (now == null || !lab.subjectProperty().get().isOpen()) {
      return;
    }
    trying(
        "The comparison",
        () -> {
          int vocabulary = now.spec().vocabulary();
          String begin = prompt.get().isBlank() ? text.prompt() : prompt.get();
          int[] tokens = text.tokens(begin, vocabulary);
          int[] wanted =
              judged.get().isBlank() ? new int[0] : text.tokens(judged.get(), vocabulary);
          Comparison.Task task =
              new Comparison.Task(
                  tokens, wanted, most.value().intValue(), text.sampler(), text.tokenizer());
          DecayCurve own = lab.subjectProperty().get().start();
          DecayCurve other = lab.toCurve();
          job.<Comparison>start(
              "comparing",
              progress -> Comparison.of(now, own, other, task, progress),
              comparison::set,
              _ -> {});
        });
  }

  private void trying(String what, Runnable begin) {
    try {
      begin.run();
    } catch (IllegalArgumentException e) {
      messages.problem(what + " cannot be made: " + Sentence.of(e), e);
    }
  }

  /** Writes the curve as JSON. */
  public void saveCurve(Path file) {
    DecayCurve curve = lab.toCurve();
    job.start(
        "writing " + file.getFileName(),
        _ -> {
          DecayFile.save(file, curve);
          return file;
        },
        _ -> messages.news("Saved " + file + "."),
        _ -> {});
  }

  /** Takes a curve from a file; one for another model makes a plan of such a model. */
  public void openCurve(Path file) {
    job.start("reading " + file.getFileName(), _ -> DecayFile.load(file), this::loaded, _ -> {});
  }

  private void loaded(DecayCurve.Fitted fitted) {
    DecayCurve curve = fitted.curve();
    LabSubject now = lab.subjectProperty().get();
    if (!curve.shape().equals(now.shape())) {
      DecayShape shape = curve.shape();
      try {
        ModelPlan plan =
            ModelPlan.of(shape.version(), shape.layers(), shape.channels(), shape.headSize());
        lab.show(new LabSubject("a new " + shape, plan.officialDecays(), plan));
      } catch (IllegalArgumentException e) {
        messages.problem("The curve was made for a model that " + Sentence.of(e), e);
        return;
      }
    }
    lab.use(curve, "open a curve");
    String notes = String.join("; ", fitted.notes());
    messages.news("The curve was made for %s. %s".formatted(curve.shape(), notes).strip());
  }

  /** Writes a model about to be trained, with the curve's decays, as official trainers take it. */
  public void saveInitial(Path file, long seed) {
    trying(
        "The checkpoint",
        () -> {
          ModelPlan plan = plan();
          DecayCurve curve = lab.toCurve();
          job.start(
              "writing " + file.getFileName(),
              progress -> {
                Initialiser initial = new Initialiser(plan, curve, seed);
                PthWriter.writeSources(file, initial.sources(DType.BF16, progress), Map.of());
                return initial.parameters();
              },
              numbers -> messages.news("Saved %s: %,d parameters.".formatted(file, numbers)),
              _ -> {});
        });
  }

  /** The model that an initial checkpoint would be of. */
  private ModelPlan plan() {
    ModelPlan planned = lab.subjectProperty().get().plan();
    OpenModel now = model;
    if (planned != null || now == null) {
      return planned == null ? lab.plan().planProperty().get() : planned;
    }
    ModelSpec spec = now.spec();
    return new ModelPlan(
        spec.version(),
        spec.vocabulary(),
        spec.layers(),
        spec.channels(),
        spec.headSize(),
        spec.ffnChannels(),
        spec.ranks());
  }
}
