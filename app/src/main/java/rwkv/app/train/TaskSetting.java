package rwkv.app.train;

import java.util.List;
import rwkv.app.generate.Field;
import rwkv.app.generate.Fields;
import rwkv.engine.setting.Setting;

/**
 * A setting of a task with the field that it is typed into.
 *
 * @param setting what may be chosen
 * @param field what is chosen; one of numbers, whole numbers, lists or texts
 */
public record TaskSetting(Setting setting, Field<?> field) {

  static TaskSetting of(Setting setting) {
    return new TaskSetting(setting, field(setting));
  }

  private static Field<?> field(Setting setting) {
    String label = setting.name().replace('_', ' ');
    String help = setting.meaning() + "; " + setting.expected();
    int least = (int) setting.least();
    int most = (int) setting.most();
    return switch (setting.standard()) {
      case Integer whole -> Fields.whole(label, help, whole, least, most);
      case Double number -> Fields.number(label, help, number, setting.least(), setting.most());
      case List<?> list ->
          Fields.wholes(label, help, list.stream().map(Integer.class::cast).toList(), least, most);
      default -> Fields.words(label, help, String.valueOf(setting.standard()));
    };
  }

  /** Whether it is one of a few texts. */
  public boolean isChoice() {
    return !setting.choices().isEmpty();
  }

  /** Whether it names a file. */
  public boolean isFile() {
    return setting.standard() instanceof String && setting.choices().isEmpty();
  }
}
