package rwkv.engine.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import rwkv.engine.tensor.Tensor;

/** What the readers return: tensors over a mapped file. */
record OpenCheckpoint(
    MappedFile file, String format, Map<String, Tensor> tensors, Map<String, String> metadata)
    implements Checkpoint {

  OpenCheckpoint {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public String toString() {
    return path() + " (" + format + ", " + tensors.size() + " tensors)";
  }
}
