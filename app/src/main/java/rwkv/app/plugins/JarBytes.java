package rwkv.app.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of a file that may be a plugin, which are not many. */
final class JarBytes {

  /** Of a plugin's jar. */
  static final int MOST = 64 << 20;

  private JarBytes() {}

  /**
   * All of them.
   *
   * @throws IOException if the file cannot be read or has more than {@link #MOST}; the message is a
   *     sentence
   */
  static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new IOException(
            "%s is larger than the %d MB that a plugin may have"
                .formatted(PluginJar.fileName(file), MOST >> 20));
      }
      return bytes;
    }
  }

  /** Their SHA-256 as 64 hexadecimal digits. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
