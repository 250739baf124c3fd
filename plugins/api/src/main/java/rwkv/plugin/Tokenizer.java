package rwkv.plugin;

/**
 * Turns text into token ids and token ids into bytes. Thread-safe and stateless; for text that is
 * shown while it is made, see {@link StreamingDecoder}.
 */
public interface Tokenizer {

  /** Its name for a person, as in "RWKV World (rwkv_vocab_v20230424.txt)". */
  String name();

  /** One more than the largest id it knows. */
  int vocabularySize();

  /**
   * The tokens of a text.
   *
   * @throws IllegalArgumentException if the text cannot be written in this vocabulary, naming the
   *     first character that cannot
   */
  int[] encode(String text);

  /**
   * The bytes of one token; empty for a token that stands for no text (such as end of text) and for
   * ids that the vocabulary does not hold. Not necessarily whole characters.
   */
  byte[] bytes(int token);

  /**
   * The text of some tokens: their bytes, read as UTF-8. Bytes that are no UTF-8 become U+FFFD, as
   * in {@link StreamingDecoder}. Where encoding finds tokens without bytes in text by what they are
   * called, such as {@code <|endoftext|>}, that is written out.
   */
  default String decode(int[] tokens) {
    StreamingDecoder decoder = new StreamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      text.append(decoder.add(bytes(token)));
    }
    return text.append(decoder.finish()).toString();
  }

  /** The id that ends a text, or -1 where the vocabulary has none. */
  default int endOfText() {
    return 0;
  }
}
