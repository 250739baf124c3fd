package rwkv.engine.train;

import java.nio.file.Path;
import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.tensor.Tensor;

/**
 * Tensors that are in no file.
 *
 * @param path what messages call them
 */
record InMemory(Path path, Map<String, Tensor> tensors) implements Checkpoint {

  @Override
  public String format() {
    return "memory";
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void close() {}
}
