package rwkv.plugin;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A provider for tests that offers what it is told to. Found by name through a service file too.
 */
public class FakeProvider implements TokenizerProvider {

  private final String id;
  private final boolean needsFile;
  private final List<Offer> offers;

  public FakeProvider() {
    this("fake", false);
  }

  FakeProvider(String id, boolean needsFile, int... scores) {
    this.id = id;
    this.needsFile = needsFile;
    this.offers =
        Arrays.stream(scores)
            .mapToObj(score -> new Offer(id, Optional.empty(), score, "told to"))
            .toList();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return "Fake " + id;
  }

  @Override
  public boolean needsFile() {
    return needsFile;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    return offers;
  }

  @Override
  public Tokenizer create(Optional<Path> vocabulary) {
    return new CodePoints();
  }
}
