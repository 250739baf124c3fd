package rwkv.engine.train.task;

import java.util.List;
import java.util.Map;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/**
 * A kind of task.
 *
 * @param name as in {@code parity}
 * @param meaning in words
 * @param settings in order
 */
public record TaskKind(String name, String meaning, List<Setting> settings, Maker maker) {

  /** Makes a task of values that are in their ranges. */
  interface Maker {
    Task make(Choices choices, Sizes sizes, Texts texts);
  }

  public TaskKind {
    settings = List.copyOf(settings);
  }

  /**
   * What was given, and the standard for the rest.
   *
   * @throws IllegalArgumentException in one sentence, if there is no such setting or a value cannot
   *     be chosen
   */
  public Choices choose(Map<String, ?> given) {
    return Choices.of("task " + name, settings, given);
  }

  /**
   * A task that needs no text.
   *
   * @throws IllegalArgumentException as {@link #make(Choices, Sizes, Texts)}
   */
  public Task make(Map<String, ?> given, Sizes sizes) {
    return make(choose(given), sizes, Texts.NONE);
  }

  /**
   * A task.
   *
   * @throws IllegalArgumentException in one sentence, if values do not go together or do not fit
   *     the sizes
   */
  public Task make(Choices choices, Sizes sizes, Texts texts) {
    return maker.make(choices, sizes, texts);
  }
}
