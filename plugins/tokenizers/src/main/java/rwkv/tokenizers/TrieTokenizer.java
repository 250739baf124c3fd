package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import rwkv.plugin.Tokenizer;

/**
 * The tokenizer of RWKV vocabularies. At each place of the text it takes the longest token that the
 * rest begins with, over the bytes of UTF-8: no merges, no looking back. In vocabulary files id 0
 * is end of text and has no bytes; a model's own vocabulary may say otherwise.
 *
 * <p>A vocabulary that holds all 256 single bytes, as World does, can write anything. A smaller one
 * may leave some out; then a text can come to a place where no token fits, and is refused.
 */
public final class TrieTokenizer implements Tokenizer {

  private final String name;
  private final ByteTrie trie;
  // Token t is bytes[start[t] .. start[t + 1]): empty for end of text and for gaps.
  private final byte[] bytes;
  private final int[] start;
  private final int endOfText;

  TrieTokenizer(String name, Vocabulary vocabulary) {
    this(name, vocabulary, 0);
  }

  /**
   * A tokenizer with another end of text.
   *
   * @param endOfText an id that has no bytes, or -1
   */
  TrieTokenizer(String name, Vocabulary vocabulary, int endOfText) {
    this.name = name;
    this.endOfText = endOfText;
    this.trie = ByteTrieBuilder.build(vocabulary.byBytes());
    this.start = new int[vocabulary.size() + 1];
    this.bytes = new byte[vocabulary.byId().stream().mapToInt(entry -> entry.bytes().length).sum()];
    int at = 0;
    int next = 0;
    for (VocabularyEntry entry : vocabulary.byId()) {
      Arrays.fill(start, next, entry.id() + 1, at);
      System.arraycopy(entry.bytes(), 0, bytes, at, entry.bytes().length);
      at += entry.bytes().length;
      next = entry.id() + 1;
    }
    start[next] = at;
  }

  /**
   * Reads a vocabulary file.
   *
   * @throws IOException if it cannot be read or is no such vocabulary; the message names the file,
   *     the line, what was expected and what was found
   */
  public static TrieTokenizer read(Path file) throws IOException {
    return new TrieTokenizer(
        "Vocabulary (%s)".formatted(file.getFileName()), VocabularyFile.read(file));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int vocabularySize() {
    return start.length - 1;
  }

  @Override
  public int[] encode(String text) {
    byte[] utf8 = Utf8.encode(text);
    Encoding encoding = new Encoding(utf8);
    if (encoding.end < utf8.length) {
      throw new IllegalArgumentException(
          "%s has no token for %s".formatted(name, Utf8.describeCharacterAt(utf8, encoding.end)));
    }
    return encoding.tokens();
  }

  /**
   * The tokens of any bytes; they need not be UTF-8.
   *
   * @throws IllegalArgumentException if the vocabulary has no token at some place, naming the byte
   */
  public int[] encode(byte[] text) {
    Encoding encoding = new Encoding(text);
    if (encoding.end < text.length) {
      throw new IllegalArgumentException(
          "%s has no token for byte 0x%02X at offset %d"
              .formatted(name, text[encoding.end], encoding.end));
    }
    return encoding.tokens();
  }

  @Override
  public byte[] bytes(int token) {
    return token >= 0 && token < vocabularySize()
        ? Arrays.copyOfRange(bytes, start[token], start[token + 1])
        : new byte[0];
  }

  @Override
  public int endOfText() {
    return endOfText;
  }

  /** The tokens of a text up to the first place where none fits. */
  private final class Encoding {

    private int[] tokens;
    private int count;
    private int end;

    Encoding(byte[] text) {
      tokens = new int[text.length / 3 + 16]; // most texts have three to five bytes a token
      while (end < text.length) {
        long match = trie.longest(text, end);
        if (match == 0) {
          return;
        }
        if (count == tokens.length) {
          tokens = Arrays.copyOf(tokens, count + count / 2);
        }
        tokens[count++] = (int) match;
        end = (int) (match >>> 32);
      }
    }

    int[] tokens() {
      return Arrays.copyOf(tokens, count);
    }
  }
}
