package rwkv.engine.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rwkv.engine.tensor.Tensor;

/**
 * An open model file, or several that make one model: tensors by name, in the order of the file.
 * The tensors are mapped, not copied, and must not be used after {@link #close()}.
 */
public interface Checkpoint extends AutoCloseable {

  /** What was opened: the file, or the folder or index that led to several. */
  Path path();

  /** The files that hold the tensors. */
  default List<Path> files() {
    return List.of(path());
  }

  /**
   * What kind of file it is, for a person: "PyTorch .pth", "safetensors", "GGUF", "rwkv.cpp .bin",
   * "safetensors in 3 files".
   */
  String format();

  /** Every tensor by its name; unmodifiable; in the order of the file. */
  Map<String, Tensor> tensors();

  /** Free text that the file carries beside its tensors; may be empty. */
  Map<String, String> metadata();

  /**
   * The vocabulary that the file carries, as it writes it, by token id; empty for files that carry
   * none. How it is written, {@link #metadata()} says ({@code tokenizer.ggml.model}).
   */
  default List<String> vocabulary() {
    return List.of();
  }

  /**
   * The name under which the file was saved, where the file keeps it (as PyTorch's do, without
   * ending); else "".
   */
  default String savedAs() {
    return "";
  }

  /** Unmaps the files. */
  @Override
  void close();
}
