package rwkv.app.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import rwkv.engine.setting.Setting;
import rwkv.engine.train.task.TaskKind;
import rwkv.engine.train.task.Tasks;

/** What a model can be trained on, for a person. */
final class TaskList {

  private TaskList() {}

  static void print(PrintStream out) {
    for (TaskKind kind : Tasks.all()) {
      out.printf("%s: %s%n", kind.name(), kind.meaning());
      for (Setting setting : kind.settings()) {
        out.printf(
            Locale.ROOT,
            "  %-14s %s (%s; default: %s)%n",
            setting.name(),
            setting.meaning(),
            setting.expected(),
            shown(setting.standard()));
      }
      out.println();
    }
  }

  private static String shown(Object value) {
    return switch (value) {
      case String text -> text.isEmpty() ? "none" : "\"" + text + "\"";
      case List<?> list -> list.toString();
      default -> value.toString();
    };
  }
}
