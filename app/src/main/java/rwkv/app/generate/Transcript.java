package rwkv.app.generate;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import rwkv.engine.session.Event;
import rwkv.engine.session.Event.Dynamics;
import rwkv.plugin.StreamingDecoder;
import rwkv.plugin.Tokenizer;

/**
 * The tokens so far, in reading order, and their text. A character whose bytes are spread over
 * several tokens belongs to the last of them; the others have no text of their own.
 */
public final class Transcript {

  /** Stands for a token without text, such as the end of a text. */
  static final String MARK = "\u220E";

  private static final int END = 16;

  /**
   * A token with its place in the text.
   *
   * @param start offset of its first character in the text shown
   * @param text what is shown for it
   * @param mark whether that only stands for a token without text
   */
  public record Entry(Event.Token token, int start, String text, boolean mark) {
    /** Offset after its last character. */
    public int end() {
      return start + text.length();
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final ReadOnlyLongWrapper version = new ReadOnlyLongWrapper();
  private StreamingDecoder decoder = new StreamingDecoder();
  private int length;
  private int generation;

  /** Changes whenever the transcript does. */
  public ReadOnlyLongProperty versionProperty() {
    return version.getReadOnlyProperty();
  }

  /** Changes when the transcript begins anew instead of growing. */
  public int generation() {
    return generation;
  }

  public int size() {
    return entries.size();
  }

  public Entry get(int index) {
    return entries.get(index);
  }

  /** Characters shown. */
  public int length() {
    return length;
  }

  void append(Event.Token token, Tokenizer tokenizer) {
    byte[] bytes = tokenizer.bytes(token.token());
    boolean mark = bytes.length == 0;
    // A token without text ends a character that was begun before it.
    String text = mark ? decoder.finish() + MARK : decoder.add(bytes);
    entries.add(new Entry(withoutDynamics(token), length, text, mark));
    length += text.length();
    version.set(version.get() + 1);
  }

  /** The text does not need them, and of a large model they are kilobytes a token. */
  private static Event.Token withoutDynamics(Event.Token token) {
    return new Event.Token(
        token.position(), token.token(), token.drawn(), token.prediction(), Dynamics.NONE);
  }

  /** Takes back what came at a position of the sequence and after it. */
  void takeBack(int position) {
    int size = entries.size();
    while (size > 0 && entries.get(size - 1).token().position() >= position) {
      size--;
    }
    if (size < entries.size()) {
      entries.subList(size, entries.size()).clear();
      length = size == 0 ? 0 : entries.getLast().end();
      decoder = new StreamingDecoder();
      generation++;
      version.set(version.get() + 1);
    }
  }

  void clear() {
    entries.clear();
    decoder = new StreamingDecoder();
    length = 0;
    generation++;
    version.set(version.get() + 1);
  }

  /** The token that shows the character at an offset, or the last one. */
  public int tokenAt(int offset) {
    int low = 0;
    int high = entries.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).end() > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** How many tokens without text of their own share the character of this one. */
  public int sharedBefore(int index) {
    int first = index;
    while (first > 0 && entries.get(first - 1).text().isEmpty()) {
      first--;
    }
    return index - first;
  }

  /** The last characters, enough to tell how the text ends. */
  String end() {
    return text(Math.max(0, length - END), length);
  }

  /** The plain text between two offsets, without marks. */
  public String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = tokenAt(from); i < entries.size() && entries.get(i).start() < to; i++) {
      Entry entry = entries.get(i);
      if (!entry.mark() && entry.end() > from) {
        int start = Math.max(0, from - entry.start());
        text.append(entry.text(), start, Math.min(entry.text().length(), to - entry.start()));
      }
    }
    return text.toString();
  }

  /** The ids of the tokens between two offsets, with commas, those without text included. */
  public String ids(int from, int to) {
    StringBuilder ids = new StringBuilder();
    for (int i = 0; i < entries.size(); i++) {
      Entry owner = entries.get(owner(i));
      if (owner.end() > from && owner.start() < to) {
        ids.append(ids.isEmpty() ? "" : ", ").append(entries.get(i).token().token());
      }
    }
    return ids.toString();
  }

  /** The token that shows the text of this one. */
  private int owner(int index) {
    int owner = index;
    while (owner < entries.size() - 1 && entries.get(owner).text().isEmpty()) {
      owner++;
    }
    return owner;
  }
}
