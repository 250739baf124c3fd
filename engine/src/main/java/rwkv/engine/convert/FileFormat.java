package rwkv.engine.convert;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A format that models are written in. */
public enum FileFormat {
  SAFETENSORS(".safetensors"),
  PTH(".pth"),
  GGUF(".gguf");

  private final String extension;

  FileFormat(String extension) {
    this.extension = extension;
  }

  /** As in {@code .gguf}. */
  public String extension() {
    return extension;
  }

  /** The format that a file's name asks for. */
  public static Optional<FileFormat> of(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (FileFormat format : values()) {
      if (name.endsWith(format.extension)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
