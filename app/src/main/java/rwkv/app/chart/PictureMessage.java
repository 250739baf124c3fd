package rwkv.app.chart;

import javafx.event.Event;
import javafx.event.EventType;
import org.jspecify.annotations.Nullable;

/** Something a person should know about a picture; bubbles up from the picture's view. */
public final class PictureMessage extends Event {

  private static final long serialVersionUID = 1;

  /** Every such message. */
  public static final EventType<PictureMessage> ANY = new EventType<>(Event.ANY, "PICTURE_MESSAGE");

  private final String sentence;
  private final transient @Nullable Exception failure;

  PictureMessage(String sentence, @Nullable Exception failure) {
    super(ANY);
    this.sentence = sentence;
    this.failure = failure;
  }

  /** For a person. */
  public String sentence() {
    return sentence;
  }

  /** Why something did not work; null if it did. */
  public @Nullable Exception failure() {
    return failure;
  }
}
