package rwkv.engine.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import rwkv.engine.tensor.Tensor;

/**
 * What the readers return: tensors over mapped files.
 *
 * @param path what was asked for: a file, or a folder or an index that led to the files
 * @param mapped the files themselves, which are closed with this
 */
record OpenCheckpoint(
    Path path,
    List<MappedFile> mapped,
    String format,
    Map<String, Tensor> tensors,
    Map<String, String> metadata,
    List<String> vocabulary,
    String savedAs)
    implements Checkpoint {

  OpenCheckpoint {
    mapped = List.copyOf(mapped);
    // The readers keep no hold on the maps they hand over, and a copy of each would be waste.
    tensors = Collections.unmodifiableMap(tensors);
    metadata = Collections.unmodifiableMap(metadata);
    vocabulary = List.copyOf(vocabulary);
  }

  static OpenCheckpoint of(
      MappedFile file, String format, Map<String, Tensor> tensors, Map<String, String> metadata) {
    return new OpenCheckpoint(file.path(), List.of(file), format, tensors, metadata, List.of(), "");
  }

  OpenCheckpoint withSavedAs(String name) {
    return new OpenCheckpoint(path, mapped, format, tensors, metadata, vocabulary, name);
  }

  OpenCheckpoint withVocabulary(List<String> tokens) {
    return new OpenCheckpoint(path, mapped, format, tensors, metadata, tokens, savedAs);
  }

  /** The same under the path that a person chose. */
  OpenCheckpoint openedAs(Path chosen) {
    return new OpenCheckpoint(chosen, mapped, format, tensors, metadata, vocabulary, savedAs);
  }

  @Override
  public List<Path> files() {
    return mapped.stream().map(MappedFile::path).toList();
  }

  @Override
  public void close() {
    mapped.forEach(MappedFile::close);
  }

  @Override
  public String toString() {
    return path() + " (" + format + ", " + tensors.size() + " tensors)";
  }
}
