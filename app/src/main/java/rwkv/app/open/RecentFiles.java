package rwkv.app.open;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/**
 * Models opened lately, newest first. A file that has gone stays in the list until it is removed.
 */
public final class RecentFiles {

  static final int MOST = 10;

  private final ObservableList<Path> files = FXCollections.observableArrayList();
  private final ObservableList<Path> view = FXCollections.unmodifiableObservableList(files);

  public ObservableList<Path> files() {
    return view;
  }

  /** Replaces the list, as remembered from last time. */
  public void set(List<Path> remembered) {
    files.setAll(remembered.stream().distinct().limit(MOST).toList());
  }

  /** A file has just been opened. */
  public void opened(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    files.remove(absolute);
    files.addFirst(absolute);
    if (files.size() > MOST) {
      files.remove(MOST, files.size());
    }
  }

  public void remove(Path file) {
    files.remove(file);
  }

  /** Whether the file is no longer there. */
  public static boolean isMissing(Path file) {
    return !Files.isRegularFile(file);
  }
}
