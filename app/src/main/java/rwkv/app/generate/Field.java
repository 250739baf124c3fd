package rwkv.app.generate;

import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/**
 * A value typed as text. While the text is no good the last good value stays, and the problem says
 * what is wanted.
 */
public final class Field<T> {

  private final String label;
  private final String help;
  private final StringProperty text;
  private final ReadOnlyObjectWrapper<T> value;
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");

  /**
   * @param parse throws {@link IllegalArgumentException} with a message for a person
   */
  Field(String label, String help, T initial, String initialText, Function<String, T> parse) {
    this.label = label;
    this.help = help;
    this.text = new SimpleStringProperty(initialText);
    this.value = new ReadOnlyObjectWrapper<>(initial);
    text.subscribe(typed -> read(typed, parse));
  }

  public String label() {
    return label;
  }

  /** What it does, in a sentence. */
  public String help() {
    return help;
  }

  public StringProperty textProperty() {
    return text;
  }

  /** The last good value. */
  public ReadOnlyObjectProperty<T> valueProperty() {
    return value.getReadOnlyProperty();
  }

  public T value() {
    return value.get();
  }

  /** What is wrong with the text, or empty. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  private void read(String typed, Function<String, T> parse) {
    try {
      value.set(parse.apply(typed.strip()));
      problem.set("");
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      problem.set(message == null ? "not understood" : message);
    }
  }
}
