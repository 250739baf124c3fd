package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;

/**
 * The RWKV World vocabulary, for models of its size. It needs a file {@code rwkv_vocab*.txt} in the
 * folder of the model or in a search folder, and makes no offer where there is none.
 *
 * <p>The published vocabulary ends at id 65529 while models have up to 65536 rows; some fine-tuned
 * models put words of their own into the rows between, and their files are offered too.
 */
public final class WorldTokenizerProvider implements TokenizerProvider {

  private static final int LARGEST_ID = 65529;
  private static final int MOST_ROWS = 65536;

  private static final int BESIDE_MODEL = 96;
  private static final int ELSEWHERE = 90;
  private static final int VARIANT = 10; // taken off for a file that is not the published one

  @Override
  public String id() {
    return "world";
  }

  @Override
  public String name() {
    return "RWKV World";
  }

  @Override
  public boolean needsFile() {
    return true;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    int rows = model.vocabularySize();
    if (rows <= LARGEST_ID || rows > MOST_ROWS) {
      return List.of();
    }
    List<Offer> offers = new ArrayList<>();
    look(Folders.ofModel(model), rows, BESIDE_MODEL, "beside the model", offers);
    for (Path folder : Folders.others(model)) {
      look(folder, rows, ELSEWHERE, "in " + folder, offers);
    }
    offers.sort(Comparator.comparingInt(Offer::score).reversed());
    return offers;
  }

  private void look(Path folder, int rows, int score, String where, List<Offer> offers) {
    for (Path file : Folders.list(folder, "rwkv_vocab", ".txt")) {
      OptionalInt largest = VocabularyFile.largestId(file);
      if (largest.isPresent() && largest.getAsInt() >= LARGEST_ID && largest.getAsInt() < rows) {
        int penalty = largest.getAsInt() == LARGEST_ID ? 0 : VARIANT;
        String reason = file.getFileName() + " " + where;
        offers.add(new Offer(id(), Optional.of(file), score - penalty, reason));
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Any file of the format that holds all 256 single bytes will do, so that a person may choose
   * one that was not offered.
   */
  @Override
  public Tokenizer create(Optional<Path> vocabulary) throws IOException {
    Path file = vocabulary.orElseThrow();
    Vocabulary read = VocabularyFile.read(file);
    int missing = read.missingByte();
    if (missing < 256) {
      throw new IOException(
          "%s: expected a token for each of the 256 bytes, found none for 0x%02X"
              .formatted(file, missing));
    }
    return new TrieTokenizer("%s (%s)".formatted(name(), file.getFileName()), read);
  }
}
