package rwkv.app.chart;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.PixelReader;

/** Writes images as PNG, with what they show as text inside. */
public final class Png {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int BIT_DEPTH = 8;
  private static final int RGBA = 6;

  private Png() {}

  /**
   * Writes an image.
   *
   * @param caption kept in the file as its description, unless empty
   * @throws IOException if the file cannot be written
   */
  public static void write(Image image, String caption, Path file) throws IOException {
    Files.write(file, bytes(image, caption));
  }

  /**
   * Writes an image without words.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Image image, Path file) throws IOException {
    write(image, "", file);
  }

  /** The image as a PNG file's bytes. */
  public static byte[] bytes(Image image, String caption) throws IOException {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(SIGNATURE);
    chunk(file, "IHDR", header(width, height));
    if (!caption.isEmpty()) {
      chunk(file, "iTXt", text(caption));
    }
    chunk(file, "IDAT", pixels(image.getPixelReader(), width, height));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static byte[] header(int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(width);
    data.writeInt(height);
    data.write(new byte[] {BIT_DEPTH, RGBA, 0, 0, 0});
    return bytes.toByteArray();
  }

  /** Keyword, no compression, no language, no translated keyword, UTF-8. */
  private static byte[] text(String caption) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("Description".getBytes(StandardCharsets.US_ASCII));
    bytes.write(new byte[5]);
    bytes.write(caption.getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  /** Every row after a zero (no filter), deflated. */
  private static byte[] pixels(PixelReader reader, int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] row = new byte[1 + 4 * width];
    byte[] blueFirst = new byte[4 * width];
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
      for (int y = 0; y < height; y++) {
        reader.getPixels(
            0, y, width, 1, PixelFormat.getByteBgraInstance(), blueFirst, 0, 4 * width);
        for (int i = 0; i < 4 * width; i += 4) {
          row[1 + i] = blueFirst[i + 2];
          row[2 + i] = blueFirst[i + 1];
          row[3 + i] = blueFirst[i];
          row[4 + i] = blueFirst[i + 3];
        }
        deflated.write(row);
      }
    }
    return bytes.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] content)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(name);
    check.update(content);
    DataOutputStream data = new DataOutputStream(file);
    data.writeInt(content.length);
    data.write(name);
    data.write(content);
    data.writeInt((int) check.getValue());
  }
}
