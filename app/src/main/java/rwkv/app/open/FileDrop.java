package rwkv.app.open;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.input.DragEvent;
import javafx.scene.input.TransferMode;

/** Opens a file that is dropped on a node. */
public final class FileDrop {

  private static final PseudoClass DROP = PseudoClass.getPseudoClass("drop");

  private FileDrop() {}

  /** Makes a node take files; while one hovers it has the pseudo-class {@code drop}. */
  public static void install(Node target, Consumer<Path> open) {
    target.addEventHandler(
        DragEvent.DRAG_OVER,
        event -> {
          if (event.getDragboard().hasFiles()) {
            event.acceptTransferModes(TransferMode.COPY);
            target.pseudoClassStateChanged(DROP, true);
            event.consume();
          }
        });
    target.addEventHandler(DragEvent.DRAG_EXITED, _ -> target.pseudoClassStateChanged(DROP, false));
    target.addEventHandler(
        DragEvent.DRAG_DROPPED,
        event -> {
          Optional<Path> file = pick(event.getDragboard().getFiles());
          file.ifPresent(open);
          event.setDropCompleted(file.isPresent());
          event.consume();
        });
  }

  /** The first that looks like a model, else the first, whose problem is then told. */
  static Optional<Path> pick(List<File> files) {
    return files.stream()
        .map(File::toPath)
        .filter(SampleModels::isModelFile)
        .findFirst()
        .or(() -> files.stream().map(File::toPath).findFirst());
  }
}
