package rwkv.plugin;

import java.util.List;
import java.util.Optional;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;

/**
 * An experiment that asks a question of a model's state, and answers it with tables, charts and a
 * sentence. Found by {@link java.util.ServiceLoader}, with a constructor without parameters;
 * stateless, so that several runs may go on at once.
 *
 * <p>The same parameters, seed, model and backend give the same result.
 */
public interface Probe {

  /** A short identifier that files and commands use, as in {@code needle}: a–z, 0–9 and hyphens. */
  String id();

  /** Its name for a person, as in "Needle in a haystack". */
  String name();

  /** What it asks, in one sentence. */
  String question();

  /** How it is measured, for a person: formulas in words, the paper that defines them. */
  String method();

  /** What may be chosen, in order; the workbench makes a form of it. */
  List<Setting> parameters();

  /** Why it makes no sense for a model, in a sentence; empty if it does. */
  default Optional<String> unsuitable(ModelSpec model) {
    return Optional.empty();
  }

  /**
   * Asks. Rows and charts can be seen as soon as they are in {@link ProbeContext#findings()}; what
   * is there when a person cancels is kept.
   *
   * @return what {@link Findings#result} gives
   * @throws java.util.concurrent.CancellationException if {@link ProbeContext#progress()} ended it
   * @throws ProbeException if it cannot be asked so, in a sentence for a person
   */
  ProbeResult run(ProbeContext context);
}
