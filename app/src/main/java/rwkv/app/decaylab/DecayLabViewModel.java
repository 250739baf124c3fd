package rwkv.app.decaylab;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.engine.analysis.DecayWarning;
import rwkv.engine.analysis.DecayWarnings;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayPreset;
import rwkv.engine.train.ModelPlan;

/**
 * A decay curve under a person's hands. Everything a picture shows follows from {@link #curve}, and
 * is there anew whenever {@link #revisionProperty} changes, while a point is being dragged too.
 */
public final class DecayLabViewModel {

  /** Half-lives beyond are drawn at the edge until one gets there. */
  private static final double USUAL_TOP = 1e5;

  private final Messages messages;
  private final PlanViewModel plan = new PlanViewModel();
  private final FormulaViewModel formula = new FormulaViewModel();
  private final CurveHistory history = new CurveHistory();
  private final ReadOnlyObjectWrapper<LabSubject> subject;
  private final ReadOnlyIntegerWrapper revision = new ReadOnlyIntegerWrapper();
  private final IntegerProperty layer = new SimpleIntegerProperty();
  private final IntegerProperty points = new SimpleIntegerProperty(9);
  private final IntegerProperty point = new SimpleIntegerProperty();
  private final BooleanProperty painting = new SimpleBooleanProperty();
  private final ObjectProperty<Scope> scope = new SimpleObjectProperty<>(Scope.LAYER);
  private final ReadOnlyStringWrapper undoName = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper redoName = new ReadOnlyStringWrapper("");
  private LabCurve curve;
  private LabCurve original;
  private List<DecayWarning> warnings = List.of();
  private double top = USUAL_TOP;
  private double[][] gestureStart = {};
  private String gesture = "";

  public DecayLabViewModel(Messages messages) {
    this.messages = messages;
    LabSubject first = planned(plan.planProperty().get());
    subject = new ReadOnlyObjectWrapper<>(first);
    curve = new LabCurve(first.start());
    original = new LabCurve(first.start());
    plan.planProperty().subscribe(next -> show(planned(next)));
    scope.subscribe(_ -> point.set(Math.clamp(point.get(), 0, points.get() - 1)));
    points.subscribe(_ -> point.set(Math.clamp(point.get(), 0, points.get() - 1)));
  }

  private static LabSubject planned(ModelPlan plan) {
    return new LabSubject("a new " + plan.decays(), plan.officialDecays(), plan);
  }

  public PlanViewModel plan() {
    return plan;
  }

  public FormulaViewModel formula() {
    return formula;
  }

  public ReadOnlyObjectProperty<LabSubject> subjectProperty() {
    return subject.getReadOnlyProperty();
  }

  /** Changes with every change of the curve. */
  public ReadOnlyIntegerProperty revisionProperty() {
    return revision.getReadOnlyProperty();
  }

  /** The layer in the editor. */
  public IntegerProperty layerProperty() {
    return layer;
  }

  /** How many control points there are. */
  public IntegerProperty pointsProperty() {
    return points;
  }

  /** The chosen control point. */
  public IntegerProperty pointProperty() {
    return point;
  }

  /** Whether the mouse paints; else it drags control points. */
  public BooleanProperty paintingProperty() {
    return painting;
  }

  public ObjectProperty<Scope> scopeProperty() {
    return scope;
  }

  /** What can be taken back; empty for nothing. */
  public ReadOnlyStringProperty undoNameProperty() {
    return undoName.getReadOnlyProperty();
  }

  /** What can be done again; empty for nothing. */
  public ReadOnlyStringProperty redoNameProperty() {
    return redoName.getReadOnlyProperty();
  }

  LabCurve curve() {
    return curve;
  }

  /** The decays it began with. */
  LabCurve original() {
    return original;
  }

  /** The decays as they are now. */
  public DecayCurve toCurve() {
    return curve.toCurve();
  }

  public List<DecayWarning> warnings() {
    return warnings;
  }

  /** The longest half-life on the axis, in tokens. */
  double top() {
    return top;
  }

  /** The shortest half-life on the axis, in tokens. */
  double bottom() {
    return curve.shape().scale().shortest() > 0.5 ? 0.8 : 0.01;
  }

  ControlPoints controlPoints() {
    return new ControlPoints(points.get(), curve.shape().values());
  }

  /** Half-life of a channel of the chosen layer, in tokens. */
  public double halfLife(int channel) {
    return curve.halfLives(layer.get())[channel];
  }

  /** Shows the decays of another model, as it begins. */
  void show(LabSubject next) {
    boolean another = !next.shape().version().equals(curve.shape().version());
    subject.set(next);
    history.clear();
    gesture = "";
    curve = new LabCurve(next.start());
    original = new LabCurve(next.start());
    layer.set(Math.clamp(layer.get(), 0, next.shape().layers() - 1));
    if (another || revision.get() == 0) {
      formula.presetProperty().set(DecayPreset.official(next.shape().version()));
    }
    changed();
    settle();
  }

  /** Goes to another layer. */
  public void moveLayer(int by) {
    layer.set(Math.clamp(layer.get() + by, 0, curve.shape().layers() - 1));
  }

  /** A person takes hold of the curve; tells whether that layer can be edited. */
  boolean begin(String name) {
    int l = layer.get();
    if (scope.get() == Scope.BETWEEN && l != 0 && l != curve.shape().layers() - 1) {
      messages.news(
          "First to last: edit layer 0 or layer %d, the others follow."
              .formatted(curve.shape().layers() - 1));
      return false;
    }
    gesture = name;
    gestureStart = curve.rows();
    return true;
  }

  /** Moves a control point to a half-life; to be called again as it moves on. */
  void drag(int which, double tokens) {
    if (!gesture.isEmpty()) {
      ControlPoints handles = controlPoints();
      int channel = handles.channel(which);
      double limit = curve.shape().scale().longest();
      double from = Math.min(limit, curve.shape().scale().halfLife(startRaw(channel)));
      HalfLifeEdit edit = HalfLifeEdit.drag(channel, handles.spacing(), within(tokens) / from);
      change(scoped().apply(gestureStart, edit));
    }
  }

  private double startRaw(int channel) {
    return gestureStart[layer.get()][channel];
  }

  /** Paints from one channel and half-life to another. */
  void paint(int from, double fromTokens, int to, double toTokens) {
    if (!gesture.isEmpty()) {
      HalfLifeEdit edit = HalfLifeEdit.paint(from, within(fromTokens), to, within(toTokens));
      change(scoped().apply(curve.rows(), edit));
    }
  }

  /** A person lets go: what was done since {@link #begin} is one edit. */
  void end() {
    if (!gesture.isEmpty()) {
      remember(gesture, gestureStart);
      gesture = "";
      settle();
    }
  }

  /** Moves the chosen control point by a factor, as the keyboard does. */
  public void nudge(double factor) {
    int which = point.get();
    if (begin("move point " + (which + 1))) {
      drag(which, halfLife(controlPoints().channel(which)) * factor);
      end();
    }
  }

  /** Sets the layers of the scope to what the formula says. */
  public void useFormula() {
    String problem = formula.problem();
    if (!problem.isEmpty()) {
      messages.news("The formula's " + problem + ".");
      return;
    }
    try {
      double[][] before = curve.rows();
      change(scoped().apply(before, formula.formula()));
      remember("formula " + formula.presetProperty().get().id(), before);
      settle();
    } catch (IllegalArgumentException e) {
      messages.problem("The formula cannot be used: " + Sentence.of(e), e);
    }
  }

  /** Takes a whole curve, as from a file. */
  public void use(DecayCurve other, String name) {
    other.requireFor(curve.shape());
    double[][] before = curve.rows();
    Map<Integer, double[]> rows = new TreeMap<>();
    for (int l = 0; l < before.length; l++) {
      rows.put(l, other.raw(l));
    }
    change(rows);
    remember(name, before);
    settle();
  }

  /** Goes back to the decays that it began with; that can be undone. */
  public void revert() {
    use(subject.get().start(), "revert");
  }

  /** Takes back the last edit. */
  public void undo() {
    end();
    history.undo().ifPresent(edit -> change(edit.before()));
    settle();
  }

  /** Does again what was taken back. */
  public void redo() {
    end();
    history.redo().ifPresent(edit -> change(edit.after()));
    settle();
  }

  private ScopedEdit scoped() {
    return new ScopedEdit(curve.shape(), scope.get(), layer.get());
  }

  private double within(double tokens) {
    return Math.clamp(tokens, curve.shape().scale().shortest(), curve.shape().scale().longest());
  }

  private void change(Map<Integer, double[]> rows) {
    curve.set(rows);
    changed();
  }

  private void remember(String name, double[][] before) {
    Map<Integer, double[]> after = curve.changedFrom(before);
    if (!after.isEmpty()) {
      Map<Integer, double[]> old = new TreeMap<>();
      after.keySet().forEach(l -> old.put(l, before[l]));
      history.add(new CurveHistory.Edit(name, old, after));
    }
  }

  private void changed() {
    warnings = DecayWarnings.of(curve.halfLives(), curve.shape().scale().shortest());
    revision.set(revision.get() + 1);
  }

  /** What must not move while one drags. */
  private void settle() {
    double most = 0;
    for (double[] row : curve.halfLives()) {
      for (double halfLife : row) {
        most = Math.max(most, halfLife);
      }
    }
    double next = Math.min(1e7, Math.pow(10, Math.ceil(Math.log10(most * 1.2) - 1e-9)));
    top = most <= USUAL_TOP * 0.9 ? USUAL_TOP : next;
    undoName.set(history.undoName());
    redoName.set(history.redoName());
    revision.set(revision.get() + 1);
  }
}
