package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rwkv.plugin.StreamingDecoder;
import rwkv.plugin.Tokenizer;

/**
 * Byte-level byte-pair encoding, as in GPT-2 and GPT-NeoX. Text is cut at the added tokens,
 * normalised to NFC where the file says so, split into words with their leading space, and the
 * UTF-8 bytes of each word are {@linkplain Merges merged}. So what comes back from the tokens is
 * the normalised text.
 *
 * <p>A special token, such as {@code <|endoftext|>}, stands for no text and has no bytes, but is
 * written as it is called: encoding finds it in text, and {@link #decode} writes it out.
 */
public final class BpeTokenizer implements Tokenizer {

  /** How GPT-2 splits text; {@code \s} is any white space of Unicode. */
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** What special tokens that end a text are called; the first that there is counts. */
  private static final List<String> ENDS = List.of("<|endoftext|>", "<|end_of_text|>", "</s>");

  private static final int BYTES = 256;
  private static final int LONGEST_REMEMBERED = 32;
  private static final int MOST_REMEMBERED = 20_000;

  private final String name;
  private final BpeVocabulary vocabulary;
  private final AddedTokens asWritten;
  private final AddedTokens normalised;
  private final Map<Integer, String> special = new TreeMap<>();
  private final byte[][] bytes;
  private final int[] single = new int[BYTES];
  private final int endOfText;
  // Most words of a text are few and come often.
  private final Map<String, int[]> remembered = new ConcurrentHashMap<>();

  BpeTokenizer(String name, BpeVocabulary vocabulary) {
    this.name = name;
    this.vocabulary = vocabulary;
    this.bytes = new byte[vocabulary.size()][];
    Arrays.fill(bytes, new byte[0]);
    vocabulary.ids().forEach((token, id) -> bytes[id] = ByteAlphabet.bytes(token));
    char[] letters = ByteAlphabet.letters();
    Arrays.setAll(single, b -> vocabulary.ids().getOrDefault(String.valueOf(letters[b]), -1));
    Map<String, Integer> before = new TreeMap<>();
    Map<String, Integer> after = new TreeMap<>();
    Map<String, Integer> ends = new TreeMap<>();
    for (AddedToken token : vocabulary.added()) {
      if (token.normalised()) {
        after.put(normalise(token.content()), token.id());
      } else {
        before.put(token.content(), token.id());
      }
      bytes[token.id()] = token.special() ? new byte[0] : Utf8.encode(token.content());
      if (token.special()) {
        special.put(token.id(), token.content());
        ends.put(token.content(), token.id());
      }
    }
    asWritten = new AddedTokens(before);
    normalised = new AddedTokens(after);
    endOfText = ENDS.stream().filter(ends::containsKey).map(ends::get).findFirst().orElse(-1);
  }

  /**
   * Reads a {@code tokenizer.json} of byte-level BPE.
   *
   * @throws IOException if it cannot be read or is no such file; the message names the file, what
   *     was expected and what was found
   */
  public static BpeTokenizer read(Path file) throws IOException {
    BpeVocabulary vocabulary = TokenizerJson.read(file);
    String kind = vocabulary.size() == NeoX.SIZE ? NeoX.NAME : "Byte-level BPE";
    return new BpeTokenizer("%s (%s)".formatted(kind, file.getFileName()), vocabulary);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int vocabularySize() {
    return bytes.length;
  }

  @Override
  public int[] encode(String text) {
    Utf8.check(text);
    TokenList tokens = new TokenList();
    asWritten.cut(
        text,
        piece -> normalised.cut(normalise(piece), part -> words(part, tokens), tokens::add),
        tokens::add);
    return tokens.toArray();
  }

  private String normalise(String text) {
    return vocabulary.nfc() ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
  }

  private void words(String part, TokenList tokens) {
    String text = vocabulary.prefixSpace() && !part.startsWith(" ") ? " " + part : part;
    if (!vocabulary.words()) {
      tokens.addAll(word(text));
      return;
    }
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) { // one match after the other: each character is of some kind
      tokens.addAll(word(matcher.group()));
    }
  }

  private int[] word(String word) {
    if (word.length() > LONGEST_REMEMBERED) {
      return merged(word);
    }
    int[] known = remembered.get(word);
    if (known == null) {
      known = merged(word);
      if (remembered.size() >= MOST_REMEMBERED) {
        remembered.clear();
      }
      remembered.put(word, known);
    }
    return known;
  }

  private int[] merged(String word) {
    if (vocabulary.wholeWords()) {
      Integer whole = vocabulary.ids().get(ByteAlphabet.token(word));
      if (whole != null) {
        return new int[] {whole};
      }
    }
    byte[] utf8 = word.getBytes(UTF_8);
    int[] tokens = new int[utf8.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = single[utf8[i] & 0xFF];
      if (tokens[i] < 0) {
        throw new IllegalArgumentException(
            "%s has no token for %s".formatted(name, Utf8.describeCharacter(utf8, i)));
      }
    }
    return vocabulary.merges().apply(tokens);
  }

  @Override
  public byte[] bytes(int token) {
    return token >= 0 && token < bytes.length ? bytes[token].clone() : new byte[0];
  }

  @Override
  public String decode(int[] tokens) {
    StreamingDecoder decoder = new StreamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      String written = special.get(token);
      if (written == null) {
        text.append(decoder.add(bytes(token)));
      } else {
        text.append(decoder.finish()).append(written);
      }
    }
    return text.append(decoder.finish()).toString();
  }

  @Override
  public int endOfText() {
    return endOfText;
  }
}
