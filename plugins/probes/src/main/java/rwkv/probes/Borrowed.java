package rwkv.probes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.tensor.Tensor;

/** A checkpoint that somebody else keeps open: closing this leaves it open. */
record Borrowed(Checkpoint source) implements Checkpoint {

  @Override
  public Path path() {
    return source.path();
  }

  @Override
  public List<Path> files() {
    return source.files();
  }

  @Override
  public String format() {
    return source.format();
  }

  @Override
  public Map<String, Tensor> tensors() {
    return source.tensors();
  }

  @Override
  public Map<String, String> metadata() {
    return source.metadata();
  }

  @Override
  public List<String> vocabulary() {
    return source.vocabulary();
  }

  @Override
  public String savedAs() {
    return source.savedAs();
  }

  /** Does nothing. */
  @Override
  public void close() {}
}
