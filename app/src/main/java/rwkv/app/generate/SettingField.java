package rwkv.app.generate;

import java.util.List;
import rwkv.engine.setting.Setting;

/**
 * A setting with the field that it is typed into.
 *
 * @param setting what may be chosen
 * @param field what is chosen; one of numbers, whole numbers, lists or texts
 */
public record SettingField(Setting setting, Field<?> field) {

  /** A field with the setting's standard in it. */
  public static SettingField of(Setting setting) {
    return new SettingField(setting, field(setting));
  }

  private static Field<?> field(Setting setting) {
    String label = setting.name().replace('_', ' ');
    String help = setting.meaning() + "; " + setting.expected();
    int least = (int) setting.least();
    int most = (int) setting.most();
    return switch (setting.standard()) {
      case Integer whole -> Fields.whole(label, help, whole, least, most);
      case Double number -> Fields.number(label, help, number, setting.least(), setting.most());
      case List<?> list when setting.isOfReals() ->
          Fields.reals(
              label,
              help,
              list.stream().map(Double.class::cast).toList(),
              setting.least(),
              setting.most());
      case List<?> list ->
          Fields.wholes(label, help, list.stream().map(Integer.class::cast).toList(), least, most);
      default -> Fields.words(label, help, String.valueOf(setting.standard()));
    };
  }

  /** Whether it is one of a few texts. */
  public boolean isChoice() {
    return !setting.choices().isEmpty();
  }

  /** Whether any text will do. */
  public boolean isText() {
    return setting.standard() instanceof String && setting.choices().isEmpty();
  }
}
