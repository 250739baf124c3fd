package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;

/**
 * Byte-level BPE from a {@code tokenizer.json}, above all that of GPT-NeoX 20B for RWKV-4 Pile,
 * Raven and other Pile models. It needs a file {@code *tokenizer.json} in the folder of the model
 * or in a search folder, and makes no offer where there is none.
 *
 * <p>A file suits a model that has a row for each of its tokens and few more: models of the Pile
 * have 50277 rows, or some that are padding. Where only the file's added tokens are too many it is
 * offered too, for texts that do without them.
 */
public final class BpeTokenizerProvider implements TokenizerProvider {

  private static final int EXACT = 94;
  private static final int PADDED = 92;
  private static final int ADDED_TOKENS_PAST_THE_MODEL = 60;
  private static final int PARTLY = 40;

  private static final int NAMED_FOR_MODEL = 3; // put on
  private static final int ELSEWHERE = 8; // taken off

  private static final int MOST_PADDING = 512;
  private static final String SUFFIX = "tokenizer.json";

  @Override
  public String id() {
    return "20b";
  }

  @Override
  public String name() {
    return NeoX.NAME;
  }

  @Override
  public boolean needsFile() {
    return true;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    List<Offer> offers = new ArrayList<>();
    look(Folders.ofModel(model), model, true, offers);
    for (Path folder : Folders.others(model)) {
      look(folder, model, false, offers);
    }
    offers.sort(Comparator.comparingInt(Offer::score).reversed());
    return offers;
  }

  private void look(Path folder, ModelHint model, boolean beside, List<Offer> offers) {
    for (Path file : Folders.list(folder, "", SUFFIX)) {
      int rows = model.vocabularySize();
      Optional<TokenizerJsonGlance.Size> size = TokenizerJsonGlance.of(file);
      int score = size.map(found -> score(found, rows)).orElse(0);
      if (size.isPresent() && score > 0) {
        int named = FileNames.commonWords(FileNames.stem(file), FileNames.stem(model.modelFile()));
        String reason =
            "%s %s: %d of %d tokens"
                .formatted(
                    file.getFileName(),
                    beside ? "beside the model" : "in " + folder,
                    Math.min(size.get().all(), rows),
                    rows);
        int all = score + (named > 0 ? NAMED_FOR_MODEL : 0) - (beside ? 0 : ELSEWHERE);
        offers.add(new Offer(id(), Optional.of(file), Math.max(0, all), reason));
      }
    }
  }

  /** 0 for a file that does not suit a model of so many rows. */
  private static int score(TokenizerJsonGlance.Size size, int rows) {
    if (size.merged() > rows || size.all() + MOST_PADDING <= rows) {
      return 0;
    }
    if (size.all() > rows) {
      return ADDED_TOKENS_PAST_THE_MODEL;
    }
    double filled = (double) size.all() / rows;
    if (filled > 0.98) {
      return size.all() == rows ? EXACT : PADDED;
    }
    return filled < 0.5 ? 0 : (int) (PARTLY * filled);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Any byte-level BPE will do, so that a person may choose one that was not offered.
   */
  @Override
  public Tokenizer create(Optional<Path> vocabulary) throws IOException {
    return BpeTokenizer.read(vocabulary.orElseThrow());
  }
}
