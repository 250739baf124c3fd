package rwkv.engine.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens model files. */
public final class Checkpoints {

  private Checkpoints() {}

  /**
   * Opens a PyTorch {@code .pth}, a {@code .safetensors}, a GGUF or an rwkv.cpp {@code .bin} file,
   * told apart by content, not by name. A model in several files is opened by the index that names
   * them ({@code x.safetensors.index.json}) or by any of them beside their index; a folder stands
   * for the one model in it. Files are mapped, so this is quick however large they are; nothing in
   * them is executed. Names are the file's own, without the prefix {@code _forward_module.} that
   * DeepSpeed leaves.
   *
   * @return tensors in the order of the file; to be closed by the caller when nobody uses them
   * @throws CheckpointException if the file is missing, unreadable, damaged or of another kind
   */
  public static Checkpoint open(Path path) {
    Path model = Files.isDirectory(path) ? ModelFolder.model(path) : path;
    Optional<Path> index = Shards.indexBeside(model);
    OpenCheckpoint opened =
        index.isPresent() ? Shards.openWith(model, index.get()) : openFile(model);
    return opened.openedAs(path);
  }

  private static OpenCheckpoint openFile(Path path) {
    MappedFile file = MappedFile.open(path);
    FileKind kind = FileKind.of(file);
    if (kind == FileKind.INDEX) {
      file.close();
      return Shards.open(path);
    }
    return read(file, kind);
  }

  /** Opens one of the files that an index names, which is no index itself. */
  static OpenCheckpoint openShard(Path path) {
    MappedFile file = MappedFile.open(path);
    return read(file, FileKind.of(file));
  }

  private static OpenCheckpoint read(MappedFile file, FileKind kind) {
    boolean opened = false;
    try {
      OpenCheckpoint checkpoint =
          switch (kind) {
            case ZIP -> PthReader.read(file);
            case SAFETENSORS -> SafetensorsReader.read(file);
            case GGUF -> GgufReader.read(file);
            case RWKV_CPP -> RwkvCppReader.read(file);
            default -> throw file.problem(kind.advice());
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
