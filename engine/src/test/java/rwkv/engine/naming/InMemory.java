package rwkv.engine.naming;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.tensor.Tensor;

/** A checkpoint without a file. */
record InMemory(String format, Map<String, Tensor> tensors, Map<String, String> metadata)
    implements Checkpoint {

  static InMemory of(String format, List<Tensor> tensors, Map<String, String> metadata) {
    Map<String, Tensor> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    return new InMemory(format, byName, metadata);
  }

  static InMemory safetensors(List<Tensor> tensors) {
    return of("safetensors", tensors, Map.of());
  }

  @Override
  public Path path() {
    return Path.of("model.st");
  }

  @Override
  public void close() {}
}
