package rwkv.app.message;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;

/** The last problem and the last piece of news. Used on the JavaFX thread. */
public final class Messages {

  private static final Logger LOG = System.getLogger("rwkv.workbench");

  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper news = new ReadOnlyStringWrapper("");

  /** What went wrong last, or empty. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
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
    LOG.log(Level.WARNING, sentence);
    if (cause != null) {
      LOG.log(Level.DEBUG, "the cause of that", cause);
    }
    problem.set(sentence);
  }

  /** Something nobody has foreseen has failed; logged once while it keeps failing the same way. */
  public void uncaught(String thread, Throwable cause) {
    String sentence =
        "Something unexpected failed: %s The log has the details.".formatted(Sentence.of(cause));
    if (!sentence.equals(problem.get())) {
      LOG.log(Level.ERROR, "thread " + thread, cause);
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
    problem.set("");
  }
}
