package rwkv.app.generate;

import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Messages;
import rwkv.app.open.SessionPort;
import rwkv.app.prompt.AnswerStop;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;
import rwkv.engine.session.Command;
import rwkv.engine.session.Event;
import rwkv.engine.session.StopRule;
import rwkv.plugin.Tokenizer;

/**
 * Running a session. The first {@link #generate} reads the typed prompt; later ones continue, after
 * reading what has been typed in the meantime. {@link #stop} and {@link #reset} go back to the
 * prompt: stop keeps the text in view until the next run, reset clears it.
 */
public final class GenerateViewModel {

  /** What the controls offer. */
  public enum Phase {
    /** No session. */
    CLOSED,
    /** The next run begins with the prompt. */
    START,
    /** Reading or generating. */
    RUNNING,
    /** The next run goes on from here. */
    PAUSED,
    /** The text rests: its device has failed, or it is on its way to another. */
    HELD
  }

  private static final double FIRST_PACE = 10;

  private final Messages messages;
  private final Prompt prompt = new Prompt();
  private final Transcript transcript = new Transcript();
  private final SamplerViewModel sampler = new SamplerViewModel();
  private final ObjectProperty<PromptTemplate> template =
      new SimpleObjectProperty<>(PromptTemplates.PLAIN);
  private final DoubleProperty pace = new SimpleDoubleProperty(FIRST_PACE);
  private final ReadOnlyObjectWrapper<Phase> phase = new ReadOnlyObjectWrapper<>(Phase.CLOSED);
  private final ReadOnlyIntegerWrapper position = new ReadOnlyIntegerWrapper();
  private final ReadOnlyDoubleWrapper speed = new ReadOnlyDoubleWrapper(Double.NaN);
  private @Nullable SessionPort port;
  private @Nullable Tokenizer tokenizer;
  private Supplier<StopRule> rules = () -> StopRule.NONE;
  private StopRule rule = StopRule.NONE;
  private boolean begun;
  private boolean stale;
  private boolean moving;
  private boolean lost;

  public GenerateViewModel(Messages messages) {
    this.messages = messages;
    pace.subscribe(tokensPerSecond -> send(new Command.Pace(tokensPerSecond.doubleValue())));
    sampler.settingsProperty().subscribe(settings -> send(new Command.Sample(settings)));
  }

  public Transcript transcript() {
    return transcript;
  }

  public SamplerViewModel sampler() {
    return sampler;
  }

  /** The text in the prompt editor. */
  public StringProperty promptProperty() {
    return prompt.textProperty();
  }

  /** How what is typed in the prompt editor is written. */
  public ObjectProperty<PromptTemplate> templateProperty() {
    return template;
  }

  /** Why the prompt cannot be read, or empty. */
  public ReadOnlyStringProperty promptProblemProperty() {
    return prompt.problemProperty();
  }

  /** Tokens a second, infinite for no limit. */
  public DoubleProperty paceProperty() {
    return pace;
  }

  public ReadOnlyObjectProperty<Phase> phaseProperty() {
    return phase.getReadOnlyProperty();
  }

  /** Tokens in the state. */
  public ReadOnlyIntegerProperty positionProperty() {
    return position.getReadOnlyProperty();
  }

  /** Tokens a second made lately; NaN before the first. */
  public ReadOnlyDoubleProperty speedProperty() {
    return speed.getReadOnlyProperty();
  }

  public BooleanBinding running() {
    return phase.isEqualTo(Phase.RUNNING);
  }

  /** Whether a run can begin or go on. */
  public BooleanBinding ready() {
    return phase.isEqualTo(Phase.START).or(phase.isEqualTo(Phase.PAUSED));
  }

  /** Whether there is something to stop or reset. */
  public BooleanBinding underWay() {
    return Bindings.createBooleanBinding(
        () ->
            phase.get() != Phase.CLOSED
                && phase.get() != Phase.HELD
                && (begun || transcript.size() > 0),
        phase,
        transcript.versionProperty());
  }

  /** The tokenizer of the session, if there is one. */
  public @Nullable Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Works with another session from now on; the prompt stays. The caller closes the old one. */
  public void attach(@Nullable SessionPort next, @Nullable Tokenizer itsTokenizer, int vocabulary) {
    port = next;
    lost = false;
    moving = false;
    tokenizer = itsTokenizer;
    prompt.use(itsTokenizer, vocabulary);
    follow(() -> StopRule.NONE);
    transcript.clear();
    position.set(0);
    speed.set(Double.NaN);
    backToStart();
    phase.set(next == null ? Phase.CLOSED : Phase.START);
    send(new Command.Sample(sampler.settingsProperty().get()));
    send(new Command.Pace(pace.get()));
  }

  /** Goes on with the same text in a session that stands where the old one stood. */
  public void goOn(@Nullable SessionPort next) {
    port = next;
    lost = false;
    send(new Command.Sample(sampler.settingsProperty().get()));
    send(new Command.Pace(pace.get()));
    phase.set(next == null ? Phase.CLOSED : idle());
  }

  /** Lets the text rest while it is on its way to another device; ends what is running. */
  public void hold(boolean isMoving) {
    if (isMoving && phase.get() == Phase.RUNNING) {
      send(new Command.Pause());
    }
    moving = isMoving;
    if (phase.get() != Phase.CLOSED) {
      phase.set(idle());
    }
  }

  /** Begins or continues. */
  public void generate() {
    run(sampler.mostTokens(), false);
  }

  /** Makes one token. */
  public void step() {
    run(1, true);
  }

  /**
   * Reads a turn of a talk, whatever is in the prompt editor, and answers it.
   *
   * @param system what comes before the first turn
   * @throws IllegalArgumentException if it cannot be read, with a sentence for a person
   * @throws IllegalStateException if something is running or nothing can run
   */
  public void ask(PromptTemplate form, String text, String system) {
    Tokenizer known = tokenizer;
    if (port == null || !ready().get()) {
      throw new IllegalStateException("not ready");
    }
    String written = begun ? form.later(text, transcript.end()) : form.first(text, system);
    int[] tokens = prompt.encoder().encode(written);
    if (known != null) {
      follow(() -> new AnswerStop(known, form.stopTokens(), form.stops()));
    }
    begin();
    send(new Command.Feed(tokens, sampler.mostTokens(), rule));
  }

  /** Draws the last answer of {@link #ask} again, from the state before it. */
  public void again() {
    if (ready().get()) {
      follow(rules);
      begin();
      send(new Command.Again(sampler.mostTokens(), rule));
    }
  }

  /** Ends the run; the next one continues. */
  public void pause() {
    send(new Command.Pause());
  }

  /** Begins, continues or pauses. */
  public void toggle() {
    if (phase.get() == Phase.RUNNING) {
      pause();
    } else {
      generate();
    }
  }

  /** Ends the run; the next one starts over. */
  public void stop() {
    if (phase.get() != Phase.CLOSED && phase.get() != Phase.HELD) {
      send(new Command.Pause());
      stale = true;
      backToStart();
      phase.set(Phase.START);
    }
  }

  /** Back to the state before the first token, and the prompt back in the editor. */
  public void reset() {
    if (phase.get() != Phase.CLOSED && phase.get() != Phase.HELD) {
      send(new Command.Pause());
      send(new Command.Reset());
      backToStart();
      stale = false;
      phase.set(Phase.START);
    }
  }

  /** Takes an event of the session. */
  public void accept(Event event) {
    switch (event) {
      case Event.Token token -> {
        if (tokenizer != null) {
          transcript.append(token, tokenizer);
        }
        position.set(token.position() + 1);
      }
      case Event.Status status -> accept(status);
      case Event.Restarted _ -> {
        transcript.clear();
        position.set(0);
      }
      case Event.Returned(int at) -> {
        transcript.takeBack(at);
        position.set(at);
      }
      case Event.Speed measured -> speed.set(measured.tokensPerSecond());
      case Event.Failed failed -> {
        messages.problem(failed.message(), null);
        follow(rules);
        phase.set(idle());
      }
      case Event.DeviceFailed failed -> {
        lost = failed.isLost();
        follow(rules);
        phase.set(idle());
      }
    }
  }

  private void accept(Event.Status status) {
    phase.set(status.activity() == Event.Activity.IDLE || moving ? idle() : Phase.RUNNING);
    switch (status.end()) {
      case END_OF_TEXT -> messages.news("The model ended its text.");
      case ENOUGH -> messages.news("Done: as many tokens as were asked for.");
      case STOPPED -> {
        messages.news("The answer has ended.");
        follow(rules);
      }
      case NONE, PAUSED -> {}
    }
  }

  /**
   * Reads what has been typed and generates.
   *
   * @param most tokens to make after what there is to read
   * @param single whether that is a step
   */
  private void run(int most, boolean single) {
    if (port == null || !ready().get()) {
      return;
    }
    PromptTemplate form = template.get();
    Tokenizer known = tokenizer;
    int[] tokens = prompt.encode(form, begun ? transcript.end() : null);
    if (tokens == null || known == null) {
      return;
    }
    boolean reads = tokens.length > 0;
    if (reads) {
      prompt.taken(!begun);
      follow(() -> AnswerStop.of(form, known));
    }
    begin();
    send(
        reads
            ? new Command.Feed(tokens, most, rule)
            : single ? new Command.Step(rule) : new Command.Generate(most, rule));
  }

  private void begin() {
    if (stale) {
      send(new Command.Reset());
      stale = false;
    }
    begun = true;
    phase.set(Phase.RUNNING);
  }

  /** What ends the generation that begins now, and those that continue it. */
  private void follow(Supplier<StopRule> next) {
    rules = next;
    rule = next.get();
  }

  private Phase idle() {
    return lost || moving ? Phase.HELD : begun ? Phase.PAUSED : Phase.START;
  }

  private void backToStart() {
    begun = false;
    follow(() -> StopRule.NONE);
    prompt.restore();
  }

  private void send(Command command) {
    if (port != null) {
      port.send(command);
    }
  }
}
