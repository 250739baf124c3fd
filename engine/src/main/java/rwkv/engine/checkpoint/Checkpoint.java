package rwkv.engine.checkpoint;

import java.nio.file.Path;
import java.util.Map;
import rwkv.engine.tensor.Tensor;

/**
 * An open model file: tensors by name, in the order of the file. The tensors are mapped, not
 * copied, and must not be used after {@link #close()}.
 */
public interface Checkpoint extends AutoCloseable {

  /** The file. */
  Path path();

  /** What kind of file it is, for a person: "PyTorch .pth", "safetensors". */
  String format();

  /** Every tensor by its name; unmodifiable; in the order of the file. */
  Map<String, Tensor> tensors();

  /** Free text that the file carries beside its tensors; may be empty. */
  Map<String, String> metadata();

  /** Unmaps the file. */
  @Override
  void close();
}
