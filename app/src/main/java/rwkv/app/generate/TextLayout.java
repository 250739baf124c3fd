package rwkv.app.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Wraps the transcript into lines as it grows. Adding a token costs the same however long the text
 * is: only the last word of the last line can ever move. Breaks come after white space; a word
 * longer than a line breaks between characters.
 */
final class TextLayout {

  /**
   * A stretch of one token on one line.
   *
   * @param token index in the transcript
   * @param from offset in the text shown
   * @param text without line feeds
   * @param newline whether it is a line feed
   */
  record Run(int token, int from, String text, double x, double width, int line, boolean newline) {
    int to() {
      return from + (newline ? 1 : text.length());
    }

    double right() {
      return x + width;
    }
  }

  private final ToDoubleFunction<String> measure;
  private final List<Run> runs = new ArrayList<>();
  private final List<Integer> lineStarts = new ArrayList<>();
  private double lineWidth;
  private double x;
  private int wordStart;
  private int tokens;

  /**
   * @param measure the width of a text in pixels
   */
  TextLayout(ToDoubleFunction<String> measure) {
    this.measure = measure;
    reset(Double.MAX_VALUE);
  }

  /** Forgets everything; lines are so wide from now on. */
  void reset(double width) {
    lineWidth = width;
    runs.clear();
    lineStarts.clear();
    lineStarts.add(0);
    x = 0;
    wordStart = 0;
    tokens = 0;
  }

  double lineWidth() {
    return lineWidth;
  }

  /** How many tokens are laid out. */
  int tokens() {
    return tokens;
  }

  int lines() {
    return lineStarts.size();
  }

  /** The runs of a line, from left to right. */
  List<Run> line(int line) {
    int end = line + 1 < lines() ? lineStarts.get(line + 1) : runs.size();
    return runs.subList(lineStarts.get(line), end);
  }

  /** The line that shows a token's first run, or the last line. */
  int lineOf(int token) {
    int low = 0;
    int high = lines() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      int start = lineStarts.get(middle);
      if (start < runs.size() && runs.get(start).token() < token) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    boolean here = line(low).stream().anyMatch(run -> run.token() == token);
    return here || low + 1 >= lines() ? low : low + 1;
  }

  /** Adds the next token. */
  void append(int token, int start, String text) {
    tokens++;
    int i = 0;
    while (i < text.length()) {
      int end = i + 1;
      if (text.charAt(i) == '\n') {
        add(token, start + i, "", measure.applyAsDouble(" "), true);
        newLine();
      } else {
        boolean space = Character.isWhitespace(text.charAt(i));
        while (end < text.length()
            && text.charAt(end) != '\n'
            && Character.isWhitespace(text.charAt(end)) == space) {
          end++;
        }
        String piece = text.substring(i, end);
        if (space) {
          space(token, start + i, piece);
        } else {
          word(token, start + i, piece);
        }
      }
      i = end;
    }
  }

  private void space(int token, int from, String piece) {
    double width = measure.applyAsDouble(piece);
    if (piece.length() > 1 && x + width > lineWidth) {
      newLine();
    }
    add(token, from, piece, width, false);
    wordStart = runs.size();
  }

  private void word(int token, int from, String piece) {
    double width = measure.applyAsDouble(piece);
    if (x + width > lineWidth && x > 0) {
      wrapWord();
    }
    if (x + width <= lineWidth) {
      add(token, from, piece, width, false);
    } else {
      breakWord(token, from, piece);
    }
  }

  /** Takes the word that has begun to the next line, unless it is so long that it must break. */
  private void wrapWord() {
    List<Run> begun = List.copyOf(runs.subList(wordStart, runs.size()));
    double left = begun.isEmpty() ? x : begun.getFirst().x();
    if (x - left > lineWidth / 2) {
      newLine();
      return;
    }
    runs.subList(wordStart, runs.size()).clear();
    newLine();
    for (Run run : begun) {
      add(run.token(), run.from(), run.text(), run.width(), false);
    }
  }

  private void breakWord(int token, int from, String piece) {
    int start = 0;
    while (start < piece.length()) {
      int end = piece.offsetByCodePoints(start, 1);
      while (end < piece.length() && fits(piece, start, piece.offsetByCodePoints(end, 1))) {
        end = piece.offsetByCodePoints(end, 1);
      }
      String part = piece.substring(start, end);
      if (x > 0 && x + measure.applyAsDouble(part) > lineWidth) {
        newLine();
        continue;
      }
      add(token, from + start, part, measure.applyAsDouble(part), false);
      start = end;
    }
  }

  private boolean fits(String piece, int start, int end) {
    return x + measure.applyAsDouble(piece.substring(start, end)) <= lineWidth;
  }

  private void add(int token, int from, String text, double width, boolean newline) {
    runs.add(new Run(token, from, text, x, width, lines() - 1, newline));
    x += width;
  }

  private void newLine() {
    lineStarts.add(runs.size());
    x = 0;
    wordStart = runs.size();
  }
}
