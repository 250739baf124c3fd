package rwkv.app.chat;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.prompt.AnswerText;

/** One block of a talk. */
public final class ChatTurn {

  /** Whose it is. */
  public enum Kind {
    /** What a person has asked. */
    ASKED,
    /** What the model has answered. */
    ANSWER,
    /** What has come into the state by another way. */
    ELSEWHERE
  }

  private final Kind kind;
  private final String speaker;
  private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper thought = new ReadOnlyStringWrapper("");
  private final ReadOnlyBooleanWrapper open = new ReadOnlyBooleanWrapper();
  private final String opening;
  private int first = -1;

  private ChatTurn(Kind kind, String speaker, String opening) {
    this.kind = kind;
    this.speaker = speaker;
    this.opening = opening;
  }

  static ChatTurn asked(String speaker, String text) {
    ChatTurn turn = new ChatTurn(Kind.ASKED, speaker, "");
    turn.text.set(text);
    return turn;
  }

  /** An answer that is awaited. */
  static ChatTurn answer(String speaker, String opening) {
    ChatTurn turn = new ChatTurn(Kind.ANSWER, speaker, opening);
    turn.open.set(true);
    return turn;
  }

  /** What begins at a position of the sequence. */
  static ChatTurn elsewhere(int position) {
    ChatTurn turn = new ChatTurn(Kind.ELSEWHERE, "", "");
    turn.first = position;
    return turn;
  }

  public Kind kind() {
    return kind;
  }

  /** Who speaks; empty for nobody. */
  public String speaker() {
    return speaker;
  }

  /** What is said. */
  public ReadOnlyStringProperty textProperty() {
    return text.getReadOnlyProperty();
  }

  /** What was thought before that, or empty. */
  public ReadOnlyStringProperty thoughtProperty() {
    return thought.getReadOnlyProperty();
  }

  /** Whether it is being made. */
  public ReadOnlyBooleanProperty openProperty() {
    return open.getReadOnlyProperty();
  }

  /** As text, for the clipboard. */
  public String copied() {
    AnswerText whole = new AnswerText(thought.get(), text.get(), false);
    return speaker.isEmpty() ? "(" + whole.text() + ")" : speaker + ": " + whole.text();
  }

  /** The position of its first token, or -1 before that. */
  int first() {
    return first;
  }

  void begin(int position) {
    first = position;
  }

  /** Awaits another answer. */
  void reopen() {
    first = -1;
    open.set(true);
    text.set("");
    thought.set("");
  }

  void close() {
    open.set(false);
  }

  /** Shows a note, or the text of an answer so far. */
  void show(String made) {
    if (kind != Kind.ANSWER) {
      text.set(made);
      return;
    }
    AnswerText answer = AnswerText.of(opening + made);
    thought.set(answer.thought());
    text.set(answer.said());
  }
}
