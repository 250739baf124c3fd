package rwkv.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes tokenizers of one kind; found by {@link java.util.ServiceLoader}. A provider says which
 * vocabulary files it could use for a model and how well each suits it; the best offer of all
 * providers is taken unless a person chooses another.
 */
public interface TokenizerProvider {

  /** A short identifier that settings and commands use, as in "world". */
  String id();

  /** Its name for a person, as in "RWKV World". */
  String name();

  /** Whether it needs a vocabulary file. */
  boolean needsFile();

  /**
   * What it could offer for a model; empty if it does not suit the model at all. Must not read more
   * of a file than it needs to judge it.
   *
   * @param model what is known of the model
   * @return offers, best first
   */
  List<Offer> offers(ModelHint model);

  /**
   * Makes the tokenizer.
   *
   * @param vocabulary the vocabulary file; empty for a provider that needs none
   * @throws IOException if the file cannot be read or is not a vocabulary of this kind; the message
   *     names the file, the line, what was expected and what was found
   */
  Tokenizer create(Optional<Path> vocabulary) throws IOException;

  /**
   * What is known of a model when a tokenizer is chosen for it.
   *
   * @param vocabularySize rows of its embedding
   * @param modelFile the model's file
   * @param searchFolders further folders to look for vocabulary files in, such as the plugin
   *     folder; the model's own folder comes before them
   */
  record ModelHint(int vocabularySize, Path modelFile, List<Path> searchFolders) {
    public ModelHint {
      searchFolders = List.copyOf(searchFolders);
    }
  }

  /**
   * An offer to tokenize for a model.
   *
   * @param provider the provider's {@link TokenizerProvider#id()}
   * @param vocabulary the file to use, empty if none is needed
   * @param score 0 (works at a pinch) to 100 (surely the right one)
   * @param reason why, in a few words for a person, as in "rwkv_vocab_v20230424.txt beside the
   *     model"
   */
  record Offer(String provider, Optional<Path> vocabulary, int score, String reason) {
    public Offer {
      if (score < 0 || score > 100) {
        throw new IllegalArgumentException("score: expected 0 to 100, found " + score);
      }
    }
  }
}
