package rwkv.app.plugins;

import java.util.Objects;
import java.util.function.Supplier;
import rwkv.plugin.Tokenizer;

/**
 * A plugin's tokenizer. It is asked for every token, so on the caller's thread: what it throws is
 * the plugin's failure, but it is waited for.
 */
final class GuardedTokenizer implements Tokenizer {

  private static final byte[] NOTHING = {};

  private final Tokenizer tokenizer;
  private final Guard guard;
  private final String name;
  private final int vocabularySize;
  private final int endOfText;

  GuardedTokenizer(Tokenizer tokenizer, Guard guard) {
    this.tokenizer = tokenizer;
    this.guard = guard;
    name = Objects.requireNonNull(tokenizer.name(), "no name");
    vocabularySize = tokenizer.vocabularySize();
    endOfText = tokenizer.endOfText();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public int endOfText() {
    return endOfText;
  }

  /**
   * @throws IllegalArgumentException also if the plugin fails
   */
  @Override
  public int[] encode(String text) {
    return checked(() -> tokenizer.encode(text));
  }

  /** Empty also if the plugin fails. */
  @Override
  public byte[] bytes(int token) {
    try {
      return checked(() -> tokenizer.bytes(token));
    } catch (IllegalArgumentException e) {
      return NOTHING;
    }
  }

  private <T> T checked(Supplier<T> call) {
    try {
      return Objects.requireNonNull(call.get());
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      PluginFailure failure =
          guard.failure("It failed while it read or wrote tokens: " + Words.failure(e));
      throw new IllegalArgumentException(failure.getMessage(), e);
    }
  }
}
