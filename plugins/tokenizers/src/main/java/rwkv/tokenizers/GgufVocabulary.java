package rwkv.tokenizers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;

/**
 * The vocabulary of a model that a GGUF file carries. Of {@code tokenizer.ggml.tokens} entry i is
 * the inside of Python's {@code repr} of the bytes of token i; the first may be {@code <s>}, which
 * ends a text, and those that only fill the model's rows are called {@code [PADi]}: these have no
 * bytes.
 *
 * @param vocabulary the tokens that have bytes
 * @param endOfText the id that ends a text, or -1
 */
record GgufVocabulary(Vocabulary vocabulary, int endOfText) {

  private static final String MODEL = "tokenizer.ggml.model";
  private static final String RWKV = "rwkv";
  private static final String END = "tokenizer.ggml.eos_token_id";
  private static final byte[] MAGIC = {'G', 'G', 'U', 'F'};

  /** The longest token that is read, in bytes; it bounds how far encoding looks ahead. */
  private static final int LONGEST = 16 << 10;

  /**
   * Whether a file begins as a GGUF does; a folder stands for the model in it, which may be one.
   */
  private static boolean isGguf(Path file) {
    if (!Files.isRegularFile(file)) {
      return Files.isDirectory(file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * How many rows a model needs for the RWKV vocabulary that its file carries; empty for a file
   * that cannot be read or carries none. Whether the tokens are right is not looked at.
   */
  static OptionalInt size(Path file) {
    if (!isGguf(file)) {
      return OptionalInt.empty();
    }
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      return size(checkpoint.vocabulary(), checkpoint.metadata());
    } catch (CheckpointException e) {
      return OptionalInt.empty();
    }
  }

  static OptionalInt size(List<String> tokens, Map<String, String> metadata) {
    int size = RWKV.equals(metadata.get(MODEL)) ? tokens.size() : 0;
    while (size > 0 && isWithoutText(size - 1, tokens.get(size - 1))) {
      size--;
    }
    return size == 0 ? OptionalInt.empty() : OptionalInt.of(size);
  }

  /**
   * Reads the vocabulary of a model.
   *
   * @throws IOException if the file cannot be read, is no GGUF or carries no such vocabulary; the
   *     message names the file, the token, what was expected and what was found
   */
  static GgufVocabulary read(Path file) throws IOException {
    if (!isGguf(file)) {
      throw new IOException(file + ": expected a GGUF file, found another");
    }
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      return of(checkpoint.vocabulary(), checkpoint.metadata());
    } catch (CheckpointException e) {
      throw new IOException(e.getMessage(), e); // names the file already
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The vocabulary that a file's metadata describes.
   *
   * @throws IllegalArgumentException if it is none; the message says what is wrong
   */
  static GgufVocabulary of(List<String> tokens, Map<String, String> metadata) {
    String model = metadata.get(MODEL);
    if (!RWKV.equals(model)) {
      throw new IllegalArgumentException(
          "expected '%s' as %s, found %s"
              .formatted(RWKV, MODEL, model == null ? "none" : Json.quote(model)));
    }
    List<VocabularyEntry> entries = new ArrayList<>(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      byte[] bytes = bytes(id, tokens.get(id));
      if (bytes.length > 0) {
        entries.add(new VocabularyEntry(id, bytes));
      }
    }
    if (entries.isEmpty() || entries.getLast().id() > VocabularyEntry.MAX_ID) {
      throw new IllegalArgumentException(
          "expected a vocabulary of 1 to %d tokens, found %d"
              .formatted(VocabularyEntry.MAX_ID + 1, entries.size()));
    }
    Vocabulary vocabulary = Vocabulary.of(entries);
    Optional<VocabularyEntry> duplicate = vocabulary.duplicate();
    if (duplicate.isPresent()) {
      VocabularyEntry entry = duplicate.get();
      throw new IllegalArgumentException(
          "the bytes of token %d are those of token %d already"
              .formatted(entry.id(), vocabulary.idOf(entry.bytes())));
    }
    return new GgufVocabulary(vocabulary, endOfText(vocabulary, metadata.get(END)));
  }

  private static boolean isWithoutText(int id, String token) {
    return id == 0 && token.equals("<s>") || token.equals("[PAD" + id + "]");
  }

  private static byte[] bytes(int id, String token) {
    if (isWithoutText(id, token)) {
      return new byte[0];
    }
    byte[] bytes;
    try {
      bytes = PythonLiteral.parseInside(Utf8.encode(token));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "token %d, %s: %s".formatted(id, Json.quote(token), e.getMessage()), e);
    }
    if (bytes.length > LONGEST) {
      throw new IllegalArgumentException(
          "token %d: expected at most %d bytes, found %d".formatted(id, LONGEST, bytes.length));
    }
    return bytes;
  }

  /** What the file calls so, or 0, if it has no bytes; a token of text does not end a text. */
  private static int endOfText(Vocabulary vocabulary, @Nullable String said) {
    int end = 0;
    if (said != null) {
      try {
        end = Integer.parseInt(said);
      } catch (NumberFormatException e) {
        return -1;
      }
    }
    return end >= 0 && end < vocabulary.size() && !vocabulary.has(end) ? end : -1;
  }
}
