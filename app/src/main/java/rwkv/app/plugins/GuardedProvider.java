package rwkv.app.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider;

/** A plugin's tokenizers. What the provider is was asked when it was loaded. */
final class GuardedProvider implements TokenizerProvider {

  private final TokenizerProvider provider;
  private final Guard guard;
  private final Limits limits;
  private final String id;
  private final String name;
  private final boolean needsFile;

  /** Asks the provider what it is, which runs its code. */
  GuardedProvider(TokenizerProvider provider, Guard guard, Limits limits) {
    this.provider = provider;
    this.guard = guard;
    this.limits = limits;
    id = Objects.requireNonNull(provider.id(), "no identifier");
    name = Objects.requireNonNull(provider.name(), "no name");
    needsFile = provider.needsFile();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean needsFile() {
    return needsFile;
  }

  @Override
  public List<Offer> offers(ModelHint model) {
    return guard.call(
        "when it was asked for a tokenizer",
        limits.answer(),
        () -> List.copyOf(provider.offers(model)));
  }

  /** A file that is not what the provider reads is no fault of it. */
  @Override
  public Tokenizer create(Optional<Path> vocabulary) throws IOException {
    Made made = guard.call("while it made a tokenizer", limits.create(), () -> attempt(vocabulary));
    if (made.refusal() != null) {
      throw made.refusal();
    }
    return Objects.requireNonNull(made.tokenizer());
  }

  private Made attempt(Optional<Path> vocabulary) {
    try {
      Tokenizer tokenizer = provider.create(vocabulary);
      return new Made(new GuardedTokenizer(tokenizer, guard), null);
    } catch (IOException | IllegalArgumentException e) {
      return new Made(null, new IOException(Words.sentence(e), e));
    }
  }

  private record Made(@Nullable Tokenizer tokenizer, @Nullable IOException refusal) {}
}
