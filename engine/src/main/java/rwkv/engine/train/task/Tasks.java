package rwkv.engine.train.task;

import java.util.List;
import java.util.stream.Collectors;

/** The tasks by name. */
public final class Tasks {

  private static final List<TaskKind> ALL =
      List.of(
          StoryTask.KIND,
          CopyTask.KIND,
          RecallTask.KIND,
          ParityTask.KIND,
          PermutationTask.KIND,
          BoxTask.KIND,
          TextTask.KIND);

  private Tasks() {}

  /** In the order to show them. */
  public static List<TaskKind> all() {
    return ALL;
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TaskKind named(String name) {
    return ALL.stream()
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no task '%s'; there are %s"
                    .formatted(
                        name, ALL.stream().map(TaskKind::name).collect(Collectors.joining(", ")))));
  }
}
