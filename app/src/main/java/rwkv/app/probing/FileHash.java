package rwkv.app.probing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import rwkv.engine.model.Progress;

/** Tells files apart. */
public final class FileHash {

  private static final int PIECE = 1 << 20;

  private FileHash() {}

  /**
   * The SHA-256 of one file, or of several one after the other, as 64 hexadecimal digits.
   *
   * @throws IOException if one of them cannot be read
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static String sha256(List<Path> files, Progress progress) throws IOException {
    long total = 0;
    for (Path file : files) {
      total += Files.size(file);
    }
    MessageDigest digest = digest();
    byte[] piece = new byte[PIECE];
    long done = 0;
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
          digest.update(piece, 0, read);
          done += read;
          progress.at(total == 0 ? 1 : Math.min(1, (double) done / total));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
