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
 * A vocabulary of a model's own, in the format of the World vocabulary: {@code anna.vocab.txt}
 * beside {@code anna.pth} or {@code anna-v7.pth}. It suits a model that has a row for each of its
 * tokens.
 *
 * <p>A name made for the model counts most, then how much of the model's vocabulary the file fills.
 * A file of another name is believed only where it is the only one beside the model.
 */
public final class VocabularyTokenizerProvider implements TokenizerProvider {

  // Where it stands: names made for the model may also be found in a search folder.
  private static final int NOT_BESIDE_MODEL = 8;

  /** A file that would fit, and how. */
  private record Candidate(Path file, int size, boolean beside, boolean sameName, int commonWords) {

    boolean isNamedForModel() {
      return sameName || commonWords > 0;
    }

    Offer offer(String provider, int rows, boolean alone) {
      double filled = (double) size / rows;
      double score;
      String why;
      if (sameName) {
        score = 96 + 4 * filled;
        why = "named like the model";
      } else if (commonWords > 0) {
        score = 50 + 40 * filled + Math.min(5, commonWords);
        why = "its name begins like the model's";
      } else if (alone) {
        score = 10 + 40 * filled;
        why = "the only vocabulary beside the model";
      } else {
        score = 4 * filled;
        why = "one of several vocabularies beside the model";
      }
      return new Offer(
          provider,
          Optional.of(file),
          (int) Math.round(beside ? score : score - NOT_BESIDE_MODEL),
          "%s: %s, %d of %d tokens".formatted(file.getFileName(), why, size, rows));
    }
  }

  @Override
  public String id() {
    return "vocabulary";
  }

  @Override
  public String name() {
    return "Vocabulary file";
  }

  @Override
  public boolean needsFile() {
    return true;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    List<Candidate> candidates = candidates(model);
    boolean alone = candidates.stream().filter(Candidate::beside).count() == 1;
    return candidates.stream()
        .map(candidate -> candidate.offer(id(), model.vocabularySize(), alone))
        .sorted(Comparator.comparingInt(Offer::score).reversed())
        .toList();
  }

  private static List<Candidate> candidates(ModelHint model) {
    List<Candidate> candidates = new ArrayList<>();
    look(Folders.ofModel(model), true, model, candidates);
    for (Path folder : Folders.others(model)) {
      look(folder, false, model, candidates);
    }
    candidates.removeIf(candidate -> !candidate.beside() && !candidate.isNamedForModel());
    return candidates;
  }

  private static void look(
      Path folder, boolean beside, ModelHint model, List<Candidate> candidates) {
    String modelName = FileNames.stem(model.modelFile());
    for (Path file : Folders.list(folder, "", FileNames.SUFFIX)) {
      OptionalInt largest = VocabularyFile.largestId(file);
      if (largest.isPresent() && largest.getAsInt() < model.vocabularySize()) {
        String name = FileNames.ofVocabulary(file);
        candidates.add(
            new Candidate(
                file,
                largest.getAsInt() + 1,
                beside,
                name.equals(modelName),
                FileNames.commonWords(name, modelName)));
      }
    }
  }

  @Override
  public Tokenizer create(Optional<Path> vocabulary) throws IOException {
    return TrieTokenizer.read(vocabulary.orElseThrow());
  }
}
