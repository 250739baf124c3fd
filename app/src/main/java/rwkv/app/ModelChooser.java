package rwkv.app;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import rwkv.app.open.OpenViewModel;
import rwkv.app.open.SampleModels;

/** The file chooser for models; begins where it was last. */
final class ModelChooser {

  private @Nullable Path folder;

  void startIn(@Nullable Path remembered) {
    folder = remembered;
  }

  /** Where a file was chosen last. */
  @Nullable Path folder() {
    return folder;
  }

  void choose(Window owner, OpenViewModel open) {
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Open a model or a state");
    chooser
        .getExtensionFilters()
        .addAll(
            new ExtensionFilter(
                "Models and states (*.pth, *.safetensors, *.gguf, *.bin)",
                "*.pth",
                "*.safetensors",
                "*.gguf",
                "*.bin",
                "*.index.json",
                "*.st"),
            new ExtensionFilter("All files", "*"));
    Path start = folder == null ? sampleFolder() : folder;
    if (start != null && Files.isDirectory(start)) {
      chooser.setInitialDirectory(start.toFile());
    }
    File file = chooser.showOpenDialog(owner);
    if (file != null) {
      folder = file.toPath().getParent();
      open.open(file.toPath());
    }
  }

  private static @Nullable Path sampleFolder() {
    return SampleModels.first().map(Path::getParent).orElse(null);
  }
}
