package rwkv.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.TokenizerProvider.Offer;
import rwkv.plugin.Tokenizers;

/** Which tokenizer a model gets when nobody says, and when somebody does. */
class TokenizerChoiceTest {

  private static final int WORLD = 65536;

  @TempDir Path root;
  private Path models;
  private Path plugins;
  private final Tokenizers tokenizers =
      Tokenizers.load(ServiceLoader.load(TokenizerProvider.class));

  @BeforeEach
  void folders() throws IOException {
    models = Files.createDirectory(root.resolve("models"));
    plugins = Files.createDirectory(root.resolve("plugins"));
  }

  private ModelHint model(String name, int size) {
    return new ModelHint(size, models.resolve(name), List.of(plugins, models, root.resolve("no")));
  }

  private String choice(String model, int size) {
    return tokenizers
        .best(model(model, size))
        .map(offer ->
            offer.provider()
                + offer.vocabulary().map(file -> " " + root.relativize(file)).orElse(""))
        .orElse("none")
        .replace('\\', '/');
  }

  /** A file that looks from both ends like a vocabulary that reaches to an id. */
  private static void vocabulary(Path file, int largest) throws IOException {
    Files.writeString(file, "1 '\\x00' 1\n%d ' Anna' 5\n".formatted(largest));
  }

  @Test
  void theProvidersAreFoundAsServices() {
    assertEquals(
        List.of("20b", "byte", "gguf", "ids", "vocabulary", "world"),
        tokenizers.providers().stream().map(TokenizerProvider::id).toList());
    assertEquals(List.of(), tokenizers.problems());
  }

  @Test
  void aModelOfWorldSizeGetsTheWorldVocabularyBesideIt() throws IOException {
    vocabulary(models.resolve("rwkv_vocab_v20230424.txt"), 65529);
    vocabulary(plugins.resolve("rwkv_vocab_v20230424.txt"), 65529);
    for (int size : new int[] {65530, 65535, WORLD}) {
      assertEquals("world models/rwkv_vocab_v20230424.txt", choice("rwkv7-0.1b.pth", size));
    }
    assertEquals(
        "rwkv_vocab_v20230424.txt beside the model",
        tokenizers.best(model("rwkv7-0.1b.pth", WORLD)).orElseThrow().reason());
  }

  @Test
  void theSearchFoldersAreLookedInToo() throws IOException {
    vocabulary(plugins.resolve("RWKV_Vocab_v20230424.TXT"), 65529);
    assertEquals("world plugins/RWKV_Vocab_v20230424.TXT", choice("rwkv7-0.1b.pth", WORLD));
  }

  @Test
  void thePublishedVocabularyIsTakenBeforeAVariant() throws IOException {
    vocabulary(models.resolve("rwkv_vocab_a_chat.txt"), 65533);
    vocabulary(plugins.resolve("rwkv_vocab_v20230424.txt"), 65529);
    assertEquals("world plugins/rwkv_vocab_v20230424.txt", choice("rwkv7-0.1b.pth", WORLD));
    assertEquals(
        2,
        tokenizers.offers(model("rwkv7-0.1b.pth", WORLD)).stream()
            .filter(offer -> offer.provider().equals("world"))
            .count());
    assertEquals("world plugins/rwkv_vocab_v20230424.txt", choice("rwkv7-0.1b.pth", 65533));
  }

  @Test
  void aFileThatOnlyHasTheNameOfTheWorldVocabularyIsNotOffered() throws IOException {
    Path file = models.resolve("rwkv_vocab_v20230424.txt");
    for (String wrong :
        List.of(
            "",
            "version https://git-lfs.github.com/spec/v1\noid sha256:e6dee3d4\nsize 1093733\n",
            "1 'a' 1\n300 'b' 1\n",
            "1 'a' 1\n65536 'b' 1\n",
            "1 'a' 1\n65529 'b' 7\n",
            "{\"model\": {}}",
            "65529 'a' 1\n1 'b' 1\n")) {
      Files.writeString(file, wrong);
      assertEquals("byte", choice("rwkv7-0.1b.pth", WORLD), wrong);
    }
  }

  @Test
  void withoutAnyFileALargeModelGetsBytesAndASmallOneTokenIdsAtAPinch() {
    assertEquals("byte", choice("rwkv7-0.1b.pth", WORLD));
    assertTrue(tokenizers.best(model("rwkv7-0.1b.pth", WORLD)).orElseThrow().score() < 10);
    assertEquals("ids", choice("rwkv7-0.1b.pth", 255));
  }

  @Test
  void aModelOf256TokensGetsBytes() throws IOException {
    assertEquals("byte", choice("tiny.pth", 256));
    vocabulary(models.resolve("rwkv_vocab_v20230424.txt"), 65529);
    vocabulary(models.resolve("unrelated.vocab.txt"), 255);
    assertEquals("byte", choice("tiny.pth", 256));
  }

  @Test
  void aSmallModelGetsTheVocabularyWithItsName() throws IOException {
    vocabulary(models.resolve("anna.vocab.txt"), 511);
    vocabulary(models.resolve("anna-v7.vocab.txt"), 400);
    vocabulary(models.resolve("other.vocab.txt"), 511);
    assertEquals("vocabulary models/anna-v7.vocab.txt", choice("anna-v7.safetensors", 512));
    assertEquals("vocabulary models/anna.vocab.txt", choice("anna-v6.safetensors", 512));
    assertEquals("vocabulary models/anna.vocab.txt", choice("Anna.gguf", 512));
  }

  @Test
  void theNameOfTheModelBeatsBytesAndWorld() throws IOException {
    vocabulary(models.resolve("anna.vocab.txt"), 200);
    assertEquals("vocabulary models/anna.vocab.txt", choice("anna.pth", 256));
    vocabulary(models.resolve("rwkv_vocab_v20230424.txt"), 65529);
    vocabulary(models.resolve("anna.vocab.txt"), 65535);
    assertEquals("vocabulary models/anna.vocab.txt", choice("anna.pth", WORLD));
  }

  @Test
  void theMostWordsInCommonWin() throws IOException {
    vocabulary(models.resolve("anna-v7-small.vocab.txt"), 511);
    vocabulary(models.resolve("anna-v7-large.vocab.txt"), 511);
    vocabulary(models.resolve("anna.vocab.txt"), 511);
    assertEquals(
        "vocabulary models/anna-v7-large.vocab.txt", choice("anna-v7-large-step-2000.pth", 512));
  }

  @Test
  void theOnlyVocabularyBesideAModelIsTakenWhateverItsName() throws IOException {
    vocabulary(models.resolve("stories.vocab.txt"), 511);
    assertEquals("vocabulary models/stories.vocab.txt", choice("checkpoint.pth", 512));
    vocabulary(models.resolve("poems.vocab.txt"), 511);
    assertEquals("byte", choice("checkpoint.pth", 512), "of several nobody knows");
    assertEquals(4, tokenizers.offers(model("checkpoint.pth", 512)).size(), "all can be chosen");
  }

  @Test
  void aVocabularyThatIsTooLargeOrNoneIsNotOffered() throws IOException {
    vocabulary(models.resolve("anna.vocab.txt"), 512);
    assertEquals("byte", choice("anna.pth", 512));
    Files.writeString(models.resolve("anna.vocab.txt"), "hello\n");
    assertEquals("byte", choice("anna.pth", 512));
  }

  @Test
  void theOneThatFillsTheModelBetterIsTaken() throws IOException {
    vocabulary(models.resolve("anna-a.vocab.txt"), 300);
    vocabulary(models.resolve("anna-b.vocab.txt"), 500);
    assertEquals("vocabulary models/anna-b.vocab.txt", choice("anna-v7.pth", 512));
  }

  @Test
  void inSearchFoldersOnlyNamesMadeForTheModelCount() throws IOException {
    vocabulary(plugins.resolve("stories.vocab.txt"), 511);
    assertEquals("byte", choice("anna.pth", 512));
    vocabulary(plugins.resolve("anna.vocab.txt"), 511);
    assertEquals("vocabulary plugins/anna.vocab.txt", choice("anna.pth", 512));
    vocabulary(models.resolve("anna.vocab.txt"), 511);
    assertEquals("vocabulary models/anna.vocab.txt", choice("anna.pth", 512));
  }

  @Test
  void aPersonMayChooseOtherwise() throws IOException {
    Path file =
        VocabularyFiles.write(
            models.resolve("anna.vocab.txt"), VocabularyFiles.bytesAnd(" Anna", " went"));
    assertEquals("vocabulary models/anna.vocab.txt", choice("anna.pth", 259));
    Tokenizer chosen = tokenizers.create("byte", Optional.empty());
    assertEquals(256, chosen.vocabularySize());
    Tokenizer world = tokenizers.create("world", Optional.of(file));
    assertEquals("RWKV World (anna.vocab.txt)", world.name());
    assertThrows(IOException.class, () -> tokenizers.create("byte", Optional.of(file)));
    assertThrows(
        IllegalArgumentException.class, () -> tokenizers.create("world", Optional.empty()));
  }

  @Test
  void theBestOfferMakesATokenizer() throws IOException {
    VocabularyFiles.write(
        models.resolve("anna.vocab.txt"), VocabularyFiles.bytesAnd(" Anna", " went"));
    Offer best = tokenizers.best(model("anna-v7.pth", 259)).orElseThrow();
    Tokenizer tokenizer = tokenizers.create(best);
    assertEquals(259, tokenizer.vocabularySize());
    assertEquals(2, tokenizer.encode(" Anna went").length);
    assertEquals(
        "anna.vocab.txt: its name begins like the model's, 259 of 259 tokens", best.reason());
  }

  /** A file that looks like a byte-level BPE of that many tokens, the last 23 of them added. */
  private static void bpe(Path file, int size) throws IOException {
    BpeFiles files = new BpeFiles();
    files.vocab.put("zz", size - 24);
    files.add(size - 1, "    ", false, true).write(file);
  }

  @Test
  void aModelOfThePileGetsTheTokenizerOfGptNeoX() throws IOException {
    bpe(plugins.resolve("20B_tokenizer.json"), 50277);
    assertEquals("20b plugins/20B_tokenizer.json", choice("RWKV-4-Pile-169M.pth", 50277));
    bpe(models.resolve("20B_tokenizer.json"), 50277);
    for (int rows : new int[] {50277, 50304, 50432, 50254}) {
      assertEquals("20b models/20B_tokenizer.json", choice("RWKV-4-Pile-169M.pth", rows));
      int score = tokenizers.best(model("RWKV-4-Pile-169M.pth", rows)).orElseThrow().score();
      assertTrue(score > (rows < 50277 ? 50 : 90), rows + " rows: " + score);
    }
    assertEquals(
        "20B_tokenizer.json beside the model: 50277 of 50304 tokens",
        tokenizers.best(model("RWKV-4-Pile-169M.pth", 50304)).orElseThrow().reason());
  }

  @Test
  void theTokenizerOfGptNeoXIsNotOfferedToOtherModels() throws IOException {
    bpe(models.resolve("20B_tokenizer.json"), 50277);
    for (int rows : new int[] {256, 50253, 51000, WORLD}) {
      assertEquals("byte", choice("rwkv7-0.1b.pth", rows), rows + " rows");
    }
  }

  @Test
  void aFileThatOnlyHasTheNameOfATokenizerIsNotOffered() throws IOException {
    Path file = models.resolve("tokenizer.json");
    bpe(file, 50277);
    String whole = Files.readString(file);
    assertEquals("20b models/tokenizer.json", choice("a.pth", 50277));
    for (String wrong :
        List.of(
            "",
            "{}",
            "[]",
            "{\"model\": 1}",
            "{\"added_tokens\": [1]",
            "{\"pre_tokenizer\": {\"type\"",
            whole.substring(0, whole.length() / 2),
            whole.replace("\"BPE\"", "\"Unigram\""),
            whole.replace("\"ByteLevel\"", "\"Metaspace\""),
            whole.replace("50253", "-1"),
            whole.replace("50253", "99999999999999999999"),
            "version https://git-lfs.github.com/spec/v1\noid sha256:e6dee3d4\nsize 2467981\n")) {
      Files.writeString(file, wrong);
      assertEquals("byte", choice("a.pth", 50277), wrong);
    }
  }

  @Test
  void aSmallModelGetsTheBpeWithItsName() throws IOException {
    bpe(models.resolve("tokenizer.json"), 512);
    assertEquals("20b models/tokenizer.json", choice("anna-v4.pth", 512));
    bpe(models.resolve("anna.tokenizer.json"), 512);
    assertEquals("20b models/anna.tokenizer.json", choice("anna-v4.pth", 512));
  }

  @Test
  void aModelThatIsAFolderHasItsFilesInsideAndAround() throws IOException {
    Path folder = Files.createDirectory(models.resolve("RWKV-4-pile-hf"));
    bpe(models.resolve("20B_tokenizer.json"), 50277);
    assertEquals("20b models/20B_tokenizer.json", choice("RWKV-4-pile-hf", 50277));
    bpe(folder.resolve("tokenizer.json"), 50277);
    assertEquals("20b models/RWKV-4-pile-hf/tokenizer.json", choice("RWKV-4-pile-hf", 50277));
  }

  @Test
  void aModelFileWithoutAFolderIsLookedForHere() {
    ModelHint here = new ModelHint(256, Path.of("model.pth"), List.of());
    assertEquals("byte", tokenizers.best(here).orElseThrow().provider());
  }
}
