package rwkv.engine.checkpoint;

import java.nio.file.Path;

/** Opens model files. */
public final class Checkpoints {

  private Checkpoints() {}

  /**
   * Opens a PyTorch {@code .pth} or a {@code .safetensors} file, told apart by content, not by
   * name. The file is mapped, so this is quick however large it is; nothing in it is executed.
   * Names lose the prefix {@code _forward_module.} that DeepSpeed leaves.
   *
   * @return tensors in the order of the file; to be closed by the caller when nobody uses them
   * @throws CheckpointException if the file is missing, unreadable, damaged or of another kind
   */
  public static Checkpoint open(Path path) {
    MappedFile file = MappedFile.open(path);
    boolean opened = false;
    try {
      Checkpoint checkpoint =
          switch (FileKind.of(file)) {
            case ZIP -> PthReader.read(file);
            case SAFETENSORS -> SafetensorsReader.read(file);
            case FileKind kind -> throw file.problem(kind.advice());
          };
      opened = true;
      return checkpoint;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }
}
