package rwkv.app.chat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import rwkv.app.chat.ChatTurn.Kind;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.generate.Transcript;
import rwkv.app.open.OpenModel;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;
import rwkv.app.prompt.StopSequences;
import rwkv.app.theme.Sizes;
import rwkv.engine.session.Event;

/**
 * A talk on the session of the text pane. It shows what it has asked for itself as turns; whatever
 * else comes into the state is told in a line, because the model has read that, too.
 */
public final class ChatViewModel {

  private static final int SHORT = 500;

  private final GenerateViewModel generate;
  private final ObservableList<ChatTurn> turns = FXCollections.observableArrayList();
  private final StringProperty draft = new SimpleStringProperty("");
  private final StringProperty system = new SimpleStringProperty("");
  private final ObjectProperty<PromptTemplate> template =
      new SimpleObjectProperty<>(PromptTemplates.PLAIN);
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper state = new ReadOnlyStringWrapper("");
  private final Map<String, String> chosen = new HashMap<>();
  private String modelName = "";
  private long stateBytes;
  private long stateBytesPerToken;
  private @Nullable ChatTurn answering;
  private PromptTemplate asked = PromptTemplates.PLAIN;
  private boolean started;
  private int read;

  public ChatViewModel(GenerateViewModel generate) {
    this.generate = generate;
    draft.subscribe(_ -> problem.set(""));
    template.subscribe(this::remember);
    generate.positionProperty().subscribe(_ -> tellState());
  }

  /** The blocks, oldest first. */
  public ObservableList<ChatTurn> turns() {
    return turns;
  }

  /** What is being typed. */
  public StringProperty draftProperty() {
    return draft;
  }

  /** What comes before the first turn, where the template has a place for it. */
  public StringProperty systemProperty() {
    return system;
  }

  /** How turns are written. */
  public ObjectProperty<PromptTemplate> templateProperty() {
    return template;
  }

  /** Why the last turn could not be read, or empty. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** How much is in the state, in a sentence. */
  public ReadOnlyStringProperty stateProperty() {
    return state.getReadOnlyProperty();
  }

  /** Whether a system text would be read with the next turn. */
  public BooleanBinding takesSystem() {
    return Bindings.createBooleanBinding(
        () -> template.get().hasSystem() && turns.isEmpty(), template, turns);
  }

  /** Whether the last answer can be drawn again. */
  public BooleanBinding canRepeat() {
    return generate.ready().and(Bindings.createBooleanBinding(() -> last() != null, turns));
  }

  public GenerateViewModel generate() {
    return generate;
  }

  /** Templates that a person has chosen, by the model's name. */
  public Map<String, String> chosen() {
    return Map.copyOf(chosen);
  }

  /** Takes up what was chosen in former times. */
  public void remember(Map<String, String> remembered) {
    chosen.putAll(remembered);
    suggest();
  }

  /** Talks with another model from now on; null for none. */
  public void open(@Nullable OpenModel model) {
    turns.clear();
    answering = null;
    read = 0;
    stateBytes = model == null ? 0 : model.spec().stateBytes();
    stateBytesPerToken = model == null ? 0 : model.spec().stateBytesPerToken();
    modelName = "";
    if (model != null) {
      template.set(PromptTemplates.suggested(model.spec().vocabulary(), model.file()));
      modelName = model.name();
    }
    suggest();
    tellState();
  }

  /** The talk goes on with the same model on another device. */
  public void goOn() {
    ended();
    tellState();
  }

  /** Reads what has been typed, and answers. */
  public void send() {
    if (draft.get().isBlank() || !generate.ready().get()) {
      return;
    }
    PromptTemplate form = template.get();
    try {
      generate.ask(form, draft.get(), form.hasSystem() ? system.get() : "");
    } catch (IllegalArgumentException e) {
      problem.set(e.getMessage());
      return;
    }
    asked = form;
    read = 0;
    started = false;
    ChatTurn answer = ChatTurn.answer(form.form().model(), form.form().opening());
    answering = answer;
    turns.add(ChatTurn.asked(form.form().user(), form.clean(draft.get())));
    turns.add(answer);
    draft.set("");
  }

  /** Ends the answer that is being made. */
  public void stop() {
    if (generate.running().get()) {
      generate.pause();
    }
  }

  /** Draws the last answer again with the next seed, from the state before it. */
  public void repeat() {
    ChatTurn answer = last();
    if (answer != null && generate.ready().get()) {
      long seed = generate.sampler().seed().value();
      generate.sampler().seed().textProperty().set(Long.toString(seed + 1));
      answer.reopen();
      answering = answer;
      started = false;
      generate.again();
    }
  }

  /** Begins anew, with an empty state. */
  public void clear() {
    generate.reset();
    turns.clear();
    answering = null;
    read = 0;
    tellState();
  }

  /** The talk as text. */
  public String text() {
    return turns.stream().map(ChatTurn::copied).collect(Collectors.joining("\n\n", "", "\n"));
  }

  /** Takes an event of the session, after the text pane has. */
  public void accept(Event event) {
    switch (event) {
      case Event.Token token -> accept(token);
      case Event.Returned(int position) -> returned(position);
      case Event.Restarted _ -> restarted();
      case Event.Status status -> {
        // The end of what was going on before is not the end of this answer.
        if (status.activity() != Event.Activity.IDLE) {
          started = true;
        } else if (started || answering == null) {
          ended();
        }
      }
      case Event.Failed _, Event.DeviceFailed _ -> ended();
      case Event.Speed _ -> {}
    }
  }

  private void accept(Event.Token token) {
    ChatTurn answer = answering;
    if (answer == null) {
      elsewhere(token);
    } else if (!token.drawn() && answer.first() < 0) {
      read++;
      tellState();
    } else {
      if (answer.first() < 0) {
        answer.begin(token.position());
      }
      grown(answer, token.position(), true);
    }
  }

  /** Explore goes on with the last answer, or reads something else. */
  private void elsewhere(Event.Token token) {
    ChatTurn last = turns.isEmpty() ? null : turns.getLast();
    if (last == null) {
      // Nothing has been said here: the whole text is Explore's.
      last = ChatTurn.elsewhere(token.position());
      turns.add(last);
    } else if (last.kind() == Kind.ANSWER && !token.drawn()) {
      last = ChatTurn.elsewhere(token.position());
      turns.add(last);
    }
    if (last.kind() == Kind.ANSWER) {
      grown(last, token.position(), false);
    } else {
      count(last, token.position() + 1);
    }
  }

  private static void count(ChatTurn elsewhere, int end) {
    int count = end - elsewhere.first();
    elsewhere.show(count + (count == 1 ? " token" : " tokens") + " in Explore");
  }

  /** Tokens from a position on do not count any more. */
  private void returned(int position) {
    ChatTurn last = turns.isEmpty() ? null : turns.getLast();
    if (last == null || last.first() < 0) {
      return;
    }
    if (last.kind() == Kind.ANSWER) {
      write(last, answering != null);
    } else if (last.first() < position) {
      count(last, position);
    } else {
      turns.removeLast();
    }
  }

  /** The state is empty again; what is about to be read stays. */
  private void restarted() {
    boolean awaited = answering != null && answering.first() < 0 && turns.size() > 1;
    turns.setAll(awaited ? List.copyOf(turns.subList(turns.size() - 2, turns.size())) : List.of());
  }

  /** Of a long answer not every token is shown at once: its whole text is laid out each time. */
  private void grown(ChatTurn answer, int position, boolean live) {
    int tokens = position - answer.first();
    if (tokens < SHORT || tokens % (tokens / SHORT + 1) == 0) {
      write(answer, live);
    }
  }

  private void write(ChatTurn answer, boolean live) {
    Transcript transcript = generate.transcript();
    if (answer.first() >= transcript.size() || answer.first() < 0) {
      answer.show("");
      return;
    }
    String made = transcript.text(transcript.get(answer.first()).start(), transcript.length());
    int held = live ? StopSequences.heldAtEnd(made, asked.stops()) : 0;
    answer.show(made.substring(0, made.length() - held));
  }

  private void ended() {
    ChatTurn last = last();
    if (last != null && last.first() >= 0) {
      write(last, false);
    }
    ChatTurn answer = answering;
    if (answer != null) {
      answer.close();
      answering = null;
    }
  }

  /** The last answer, if nothing has come after it. */
  private @Nullable ChatTurn last() {
    return turns.isEmpty() || turns.getLast().kind() != Kind.ANSWER ? null : turns.getLast();
  }

  private void suggest() {
    String id = chosen.get(modelName);
    if (id != null) {
      PromptTemplates.find(id).ifPresent(template::set);
    }
  }

  private void remember(PromptTemplate now) {
    if (!modelName.isEmpty()) {
      chosen.put(modelName, now.id());
    }
  }

  private void tellState() {
    int tokens = generate.positionProperty().get();
    String size =
        "State: %s tokens, %s"
            .formatted(Sizes.exact(tokens), Sizes.bytes(stateBytes + tokens * stateBytesPerToken));
    String turn = read == 0 ? "" : "; the last turn read %d".formatted(read);
    state.set(stateBytes == 0 ? "" : size + turn + ", nothing is fed again.");
  }
}
