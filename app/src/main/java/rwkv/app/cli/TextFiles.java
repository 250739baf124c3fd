package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import rwkv.engine.train.task.Texts;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.Tokenizers;

/** Text files in the tokens of a vocabulary file, or of single bytes. */
public final class TextFiles implements Texts {

  private static final String BYTES = "";

  @Override
  public Text read(String file, String vocabulary) {
    try {
      String text = Files.readString(Path.of(file));
      if (vocabulary.equals(BYTES)) {
        Vocabulary bytes = Vocabulary.ofBytesAnd(List.of());
        return new Text(bytes.encode(text), bytes);
      }
      Tokenizer tokenizer = tokenizer(Path.of(vocabulary));
      List<byte[]> tokens = new ArrayList<>();
      for (int token = 0; token < tokenizer.vocabularySize(); token++) {
        tokens.add(tokenizer.bytes(token));
      }
      return new Text(tokenizer.encode(text), Vocabulary.ofTokens(tokens));
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? "there is no such file"
        : Failures.oneLine(String.valueOf(e.getMessage()));
  }

  /** The first kind of tokenizer that can read the file. */
  private static Tokenizer tokenizer(Path vocabulary) {
    Tokenizers tokenizers =
        Tokenizers.load(
            ServiceLoader.load(TokenizerProvider.class, TokenizerProvider.class.getClassLoader()));
    Set<String> refused = new TreeSet<>();
    for (TokenizerProvider provider : tokenizers.providers()) {
      if (provider.needsFile()) {
        try {
          return tokenizers.create(provider.id(), Optional.of(vocabulary));
        } catch (IOException | IllegalArgumentException e) {
          refused.add(String.valueOf(e.getMessage()));
        }
      }
    }
    throw new IllegalArgumentException(
        "vocabulary " + vocabulary + " cannot be used: " + String.join("; ", refused));
  }
}
