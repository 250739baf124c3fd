package rwkv.app.generate;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Messages;
import rwkv.app.open.SessionPort;
import rwkv.engine.session.Command;
import rwkv.engine.session.Event;
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
    PAUSED
  }

  private static final double FIRST_PACE = 10;

  private final Messages messages;
  private final Prompt prompt = new Prompt();
  private final Transcript transcript = new Transcript();
  private final SamplerViewModel sampler = new SamplerViewModel();
  private final DoubleProperty pace = new SimpleDoubleProperty(FIRST_PACE);
  private final ReadOnlyObjectWrapper<Phase> phase = new ReadOnlyObjectWrapper<>(Phase.CLOSED);
  private final ReadOnlyIntegerWrapper position = new ReadOnlyIntegerWrapper();
  private final ReadOnlyDoubleWrapper speed = new ReadOnlyDoubleWrapper(Double.NaN);
  private @Nullable SessionPort port;
  private @Nullable Tokenizer tokenizer;
  private boolean begun;
  private boolean stale;

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
        () -> phase.get() != Phase.CLOSED && (begun() || transcript.size() > 0),
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
    tokenizer = itsTokenizer;
    prompt.use(itsTokenizer, vocabulary);
    transcript.clear();
    position.set(0);
    speed.set(Double.NaN);
    backToStart();
    phase.set(next == null ? Phase.CLOSED : Phase.START);
    send(new Command.Sample(sampler.settingsProperty().get()));
    send(new Command.Pace(pace.get()));
  }

  /** Begins or continues. */
  public void generate() {
    run(new Command.Generate(sampler.mostTokens()), sampler.mostTokens());
  }

  /** Makes one token. */
  public void step() {
    run(new Command.Step(), 1);
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
    if (phase.get() != Phase.CLOSED) {
      send(new Command.Pause());
      stale = true;
      backToStart();
      phase.set(Phase.START);
    }
  }

  /** Back to the state before the first token, and the prompt back in the editor. */
  public void reset() {
    if (phase.get() != Phase.CLOSED) {
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
      case Event.Speed measured -> speed.set(measured.tokensPerSecond());
      case Event.Failed failed -> {
        messages.problem(failed.message(), null);
        phase.set(idle());
      }
    }
  }

  private void accept(Event.Status status) {
    phase.set(status.activity() == Event.Activity.IDLE ? idle() : Phase.RUNNING);
    switch (status.end()) {
      case END_OF_TEXT -> messages.news("The model ended its text.");
      case ENOUGH -> messages.news("Done: as many tokens as were asked for.");
      case NONE, PAUSED -> {}
    }
  }

  /**
   * @param command for when there is nothing to read
   * @param most tokens to make after what there is to read
   */
  private void run(Command command, int most) {
    if (port == null || phase.get() == Phase.RUNNING || phase.get() == Phase.CLOSED) {
      return;
    }
    int[] tokens = prompt.encode(!begun());
    if (tokens == null) {
      return;
    }
    if (stale) {
      send(new Command.Reset());
      stale = false;
    }
    if (tokens.length > 0) {
      prompt.taken(!begun());
    }
    begun = true;
    phase.set(Phase.RUNNING);
    send(tokens.length > 0 ? new Command.Feed(tokens, most) : command);
  }

  private boolean begun() {
    return begun;
  }

  private Phase idle() {
    return begun ? Phase.PAUSED : Phase.START;
  }

  private void backToStart() {
    begun = false;
    prompt.restore();
  }

  private void send(Command command) {
    if (port != null) {
      port.send(command);
    }
  }
}
