package rwkv.app.open;

import java.nio.file.Path;
import java.util.Set;

/** What a model is called, from its file. */
final class ModelName {

  private static final Set<String> SAYS_NOTHING =
      Set.of("model", "pytorch_model", "rwkv", "weights", "checkpoint");

  private ModelName() {}

  /** The file's name without its ending, or its folder's where that says more. */
  static String of(Path file) {
    String name = withoutEnding(String.valueOf(file.getFileName()));
    Path folder = file.toAbsolutePath().getParent();
    if (SAYS_NOTHING.contains(name) && folder != null && folder.getFileName() != null) {
      return folder.getFileName().toString();
    }
    return name;
  }

  private static String withoutEnding(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
