package rwkv.app.probing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.plugin.Tokenizer;

/** A model that is open, with its tokenizer, to run probes on; others may use it meanwhile. */
public final class Subject {

  private final SubjectFacts facts;
  private final Tokenizer tokenizer;
  private final Use use;
  private @Nullable String sha256;

  /** Uses a model that somebody else may want to close. */
  public interface Use {
    /**
     * Keeps the model open until the work has ended.
     *
     * @param work is handed the model, and what to report its progress to: often
     * @param progress is told, on the same thread
     * @throws java.util.concurrent.CancellationException if {@code progress} ended it or the model
     *     is being closed
     */
    <T> T with(BiFunction<Engine, Progress, T> work, Progress progress);
  }

  /**
   * @param use how to use the model
   */
  public Subject(SubjectFacts facts, Tokenizer tokenizer, Use use) {
    this.facts = facts;
    this.tokenizer = tokenizer;
    this.use = use;
  }

  /**
   * A model that nobody closes while it is probed.
   *
   * @param backend the identifier of what it computes on
   * @param tokenizerId the identifier of the tokenizer's provider
   * @param vocabulary the tokenizer's file; null if it needs none
   */
  public static Subject of(
      Engine engine,
      String backend,
      int threads,
      Tokenizer tokenizer,
      String tokenizerId,
      @Nullable Path vocabulary) {
    SubjectFacts facts =
        facts(engine, fileName(engine.file()), false, backend, threads, tokenizerId, vocabulary);
    return new Subject(facts, tokenizer, always(engine));
  }

  /** What is known of an open model. */
  public static SubjectFacts facts(
      Engine engine,
      String name,
      boolean isChanged,
      String backend,
      int threads,
      String tokenizerId,
      @Nullable Path vocabulary) {
    return new SubjectFacts(
        name,
        engine.file().toAbsolutePath().normalize(),
        isChanged,
        engine.spec().version().title(),
        engine.spec().layers(),
        tokenizerId,
        vocabulary == null ? null : vocabulary.toAbsolutePath().normalize(),
        backend,
        engine.device(),
        threads,
        engine.options());
  }

  private static Use always(Engine engine) {
    return new Use() {
      @Override
      public <T> T with(BiFunction<Engine, Progress, T> work, Progress progress) {
        return work.apply(engine, progress);
      }
    };
  }

  private static String fileName(Path file) {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }

  /** What is known without reading anything. */
  public SubjectFacts facts() {
    return facts;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** As {@link Use#with}. */
  <T> T use(BiFunction<Engine, Progress, T> work, Progress progress) {
    return use.with(work, progress);
  }

  /**
   * The SHA-256 of the model's file, or of its files one after the other, as 64 hexadecimal digits;
   * it is read once.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  synchronized String sha256(Engine engine, Progress progress) {
    String known = sha256;
    if (known == null) {
      try {
        known = FileHash.sha256(engine.checkpoint().files(), progress);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      sha256 = known;
    }
    return known;
  }
}
