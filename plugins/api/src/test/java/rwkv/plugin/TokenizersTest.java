package rwkv.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.plugin.TokenizerProvider.ModelHint;
import rwkv.plugin.TokenizerProvider.Offer;
import rwkv.plugin.Tokenizers.Ranking;

class TokenizersTest {

  private static final ModelHint MODEL = new ModelHint(256, Path.of("model.pth"), List.of());

  @TempDir Path folder;

  @Test
  void offersOfAllProvidersAreRankedByScoreThenIdentifierThenTheProvidersOrder() {
    Tokenizers tokenizers =
        Tokenizers.of(
            List.of(
                new FakeProvider("zebra", false, 50, 5),
                new FakeProvider("ape", false, 50),
                new FakeProvider("cat", false, 100, 0)));
    assertEquals(
        List.of("cat 100", "ape 50", "zebra 50", "zebra 5", "cat 0"),
        tokenizers.offers(MODEL).stream().map(o -> o.provider() + " " + o.score()).toList());
    assertEquals("cat", tokenizers.best(MODEL).orElseThrow().provider());
  }

  @Test
  void withoutOffersThereIsNoBest() {
    assertEquals(Optional.empty(), Tokenizers.of(List.of()).best(MODEL));
    assertEquals(
        Optional.empty(), Tokenizers.of(List.of(new FakeProvider("shy", false))).best(MODEL));
  }

  @Test
  void aProviderThatThrowsWhileOfferingIsNamedAndTheOthersAreHeard() {
    for (Throwable failure :
        List.of(new IllegalStateException("no luck"), new NoClassDefFoundError("no luck"))) {
      Ranking ranking =
          Tokenizers.of(List.of(new Throwing(failure), new FakeProvider("good", false, 7)))
              .rank(MODEL);
      assertEquals("good", ranking.best().orElseThrow().provider());
      assertEquals("throwing: no luck", ranking.problems().getFirst().toString());
      assertEquals(failure, ranking.problems().getFirst().cause());
      assertEquals(1, ranking.problems().size());
    }
  }

  @Test
  void aProviderThatOffersInAnothersNameIsNamed() {
    FakeProvider impostor =
        new FakeProvider("impostor", false) {
          @Override
          public List<Offer> offers(ModelHint model) {
            return List.of(new Offer("good", Optional.empty(), 100, "trust me"));
          }
        };
    Ranking ranking =
        Tokenizers.of(List.of(impostor, new FakeProvider("good", false, 7))).rank(MODEL);
    assertEquals(7, ranking.best().orElseThrow().score());
    assertEquals("impostor", ranking.problems().getFirst().plugin());
  }

  @Test
  void ofTwoProvidersWithOneIdentifierTheFirstCountsAndTheSecondIsNamed() {
    Tokenizers tokenizers =
        Tokenizers.of(
            List.of(new FakeProvider("same", false, 1), new FakeProvider("same", false, 2)));
    assertEquals(1, tokenizers.best(MODEL).orElseThrow().score());
    assertTrue(tokenizers.problems().getFirst().message().contains("'same' is taken"));
  }

  @Test
  void anUnknownIdentifierIsAnsweredWithTheKnownOnes() {
    Tokenizers tokenizers =
        Tokenizers.of(List.of(new FakeProvider("b", false), new FakeProvider("a", false)));
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> tokenizers.create("c", Optional.empty()));
    assertEquals("no tokenizer is called 'c'; there are: a, b", error.getMessage());
  }

  @Test
  void aProviderThatNeedsAFileIsNotAskedWithoutOne() throws IOException {
    Tokenizers tokenizers = Tokenizers.of(List.of(new FakeProvider("hungry", true)));
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> tokenizers.create("hungry", Optional.empty()));
    assertEquals("the tokenizer 'hungry' needs a vocabulary file", error.getMessage());
    assertInstanceOf(
        CodePoints.class, tokenizers.create("hungry", Optional.of(Path.of("vocabulary.txt"))));
  }

  @Test
  void anOfferIsMadeIntoItsTokenizer() throws IOException {
    Tokenizers tokenizers = Tokenizers.of(List.of(new FakeProvider("one", false, 1)));
    assertInstanceOf(CodePoints.class, tokenizers.create(tokenizers.best(MODEL).orElseThrow()));
  }

  @Test
  void aProviderThatThrowsWhileCreatingIsNamed() {
    Tokenizers tokenizers =
        Tokenizers.of(List.of(new Throwing(new IllegalStateException("no luck"))));
    var error =
        assertThrows(IOException.class, () -> tokenizers.create("throwing", Optional.empty()));
    assertTrue(error.getMessage().startsWith("the tokenizer 'throwing' failed: "));
    assertTrue(error.getMessage().contains("no luck"));
  }

  @Test
  void aScoreOutsideItsRangeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Offer("x", Optional.empty(), 101, "too good"));
  }

  @Test
  void providersComeFromServiceFilesAndThoseThatCannotBeLoadedAreNamed() throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(TokenizerProvider.class.getName()),
        """
        rwkv.plugin.NoSuchProvider
        %s
        %s
        """
            .formatted(Exploding.class.getName(), FakeProvider.class.getName()));
    try (var loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Tokenizers tokenizers = Tokenizers.load(ServiceLoader.load(TokenizerProvider.class, loader));
      assertEquals(
          List.of("fake"), tokenizers.providers().stream().map(TokenizerProvider::id).toList());
      assertEquals(2, tokenizers.problems().size());
      assertTrue(tokenizers.problems().get(0).message().contains("NoSuchProvider"));
      assertTrue(tokenizers.problems().get(1).message().contains("Exploding"));
    }
  }

  @Test
  void aServiceFileOfNonsenseIsNamedAndDoesNotHang() throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(TokenizerProvider.class.getName()), "not a class name!\n");
    try (var loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Tokenizers tokenizers = Tokenizers.load(ServiceLoader.load(TokenizerProvider.class, loader));
      assertEquals(List.of(), tokenizers.providers());
      assertEquals(1, tokenizers.problems().size());
    }
  }

  /** Cannot even be made. */
  public static final class Exploding extends FakeProvider {
    public Exploding() {
      throw new IllegalStateException("boom");
    }
  }

  private static final class Throwing extends FakeProvider {
    private final Throwable failure;

    Throwing(Throwable failure) {
      super("throwing", false);
      this.failure = failure;
    }

    @Override
    public List<Offer> offers(ModelHint model) {
      fail();
      return List.of();
    }

    @Override
    public Tokenizer create(Optional<Path> vocabulary) {
      fail();
      return new CodePoints();
    }

    private void fail() {
      switch (failure) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }
  }
}
