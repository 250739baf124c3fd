package rwkv.app.message;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;

/** The last problem and the last piece of news. Used on the JavaFX thread. */
public final class Messages {

  private static final Logger LOG = System.getLogger("rwkv.workbench");

  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<List<Remedy>> remedies =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyStringWrapper news = new ReadOnlyStringWrapper("");

  /**
   * What can be done about a problem.
   *
   * @param label of a button, as in "Open on the CPU"
   * @param action runs on the JavaFX thread, after the problem has been dismissed
   */
  public record Remedy(String label, Runnable action) {}

  /** What went wrong last, or empty. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  /** What can be done about that, likeliest first; often nothing. */
  public ReadOnlyObjectProperty<List<Remedy>> remediesProperty() {
    return remedies.getReadOnlyProperty();
  }

  /** What happened last, or empty. */
  public ReadOnlyStringProperty newsProperty() {
    return news.getReadOnlyProperty();
  }

  /**
   * Something did not work.
   *
   * @param sentence for a person
   * @param cause for the log's details only
   */
  public void problem(String sentence, @Nullable Throwable cause) {
    problem(sentence, cause, List.of());
  }

  /**
   * Something did not work, and a person may choose what to do about it.
   *
   * @param sentence for a person
   * @param cause for the log's details only
   * @param offered likeliest first
   */
  public void problem(String sentence, @Nullable Throwable cause, List<Remedy> offered) {
    LOG.log(Level.WARNING, sentence);
    if (cause != null) {
      LOG.log(Level.DEBUG, "the cause of that", cause);
    }
    remedies.set(List.copyOf(offered));
    problem.set(sentence);
  }

  /** Something nobody has foreseen has failed; logged once while it keeps failing the same way. */
  public void uncaught(String thread, Throwable cause) {
    String sentence =
        "Something unexpected failed: %s The log has the details.".formatted(Sentence.of(cause));
    if (!sentence.equals(problem.get())) {
      LOG.log(Level.ERROR, "thread " + thread, cause);
      remedies.set(List.of());
      problem.set(sentence);
    }
  }

  /** Something worth a line in the status bar. */
  public void news(String sentence) {
    LOG.log(Level.DEBUG, sentence);
    news.set(sentence);
  }

  /** The problem has been read. */
  public void dismiss() {
    remedies.set(List.of());
    problem.set("");
  }
}
