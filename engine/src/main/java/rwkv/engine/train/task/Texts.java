package rwkv.engine.train.task;

/** Where a task of text gets it from. */
public interface Texts {

  /** There is none. */
  Texts NONE =
      (file, _) -> {
        throw new IllegalArgumentException("no text can be read here, not " + file);
      };

  /**
   * A text in tokens.
   *
   * @param tokens of the whole text; kept, not copied
   */
  record Text(int[] tokens, Vocabulary vocabulary) {}

  /**
   * Reads a text.
   *
   * @param file of UTF-8 text
   * @param vocabulary file to turn it into tokens with, or empty for single bytes
   * @throws IllegalArgumentException in one sentence, if it cannot be read
   */
  Text read(String file, String vocabulary);
}
