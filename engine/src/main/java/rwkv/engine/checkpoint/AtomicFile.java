package rwkv.engine.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file whole or not at all. */
public final class AtomicFile {

  private AtomicFile() {}

  /** Writes what the file is to contain. */
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes a temporary file in the same folder and moves it to its place, over a file that may be
   * there; on failure that file stays as it was.
   *
   * @throws CheckpointException if the file cannot be written
   */
  public static void write(Path path, Content content) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CheckpointException(path, "cannot be written: there is no folder " + folder);
    }
    Path temporary = folder.resolve("." + path.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        // Else a crash after the move could leave an empty file under the final name.
        channel.force(true);
      }
      move(temporary, path);
    } catch (IOException e) {
      throw new CheckpointException(path, "cannot be written: " + e, e);
    } finally {
      deleteLeftover(temporary);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void deleteLeftover(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The failure that left it there is already on its way to the caller.
    }
  }
}
