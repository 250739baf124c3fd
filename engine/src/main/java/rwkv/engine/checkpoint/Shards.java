package rwkv.engine.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rwkv.engine.tensor.Tensor;

/** A model in several files, which an index beside them names. */
final class Shards {

  /** What the name of an index ends in. */
  static final String INDEX = ".index.json";

  private static final Pattern SHARD =
      Pattern.compile("(.+)-\\d{5,6}-of-\\d{5,6}(\\.safetensors|\\.bin)");

  private final MappedFile indexFile;
  private final ShardIndex index;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<MappedFile> open = new ArrayList<>();

  private Shards(MappedFile indexFile) {
    this.indexFile = indexFile;
    this.index = ShardIndex.read(indexFile);
  }

  /** The index of the files of which this is one; empty if there is none or it is no such file. */
  static Optional<Path> indexBeside(Path file) {
    Matcher name = SHARD.matcher(String.valueOf(file.getFileName()));
    return Optional.of(name)
        .filter(Matcher::matches)
        .map(shard -> file.resolveSibling(shard.group(1) + shard.group(2) + INDEX))
        .filter(Files::isRegularFile);
  }

  /**
   * Opens every file that the index names.
   *
   * @throws CheckpointException if one is missing or damaged, or they do not hold exactly the
   *     tensors that the index says they do
   */
  static OpenCheckpoint open(Path indexPath) {
    try (MappedFile file = MappedFile.open(indexPath)) {
      return new Shards(file).read();
    }
  }

  /**
   * Opens every file that the index names, of which this must be one.
   *
   * @throws CheckpointException as {@link #open}, or if the index does not name this file
   */
  static OpenCheckpoint openWith(Path shard, Path indexPath) {
    OpenCheckpoint opened = open(indexPath);
    if (opened.files().stream().noneMatch(file -> file.endsWith(shard.getFileName()))) {
      opened.close();
      throw new CheckpointException(
          shard, "is not among the files that " + indexPath.getFileName() + " beside it names");
    }
    return opened;
  }

  private OpenCheckpoint read() {
    boolean complete = false;
    try {
      metadata.putAll(index.metadata());
      String format = "";
      for (Map.Entry<String, String> shard : firstTensors().entrySet()) {
        format = readShard(shard.getKey(), shard.getValue());
      }
      for (Map.Entry<String, String> entry : index.shards().entrySet()) {
        if (!tensors.containsKey(entry.getKey())) {
          throw indexFile.problem(
              "tensor %s is missing from %s, where the index places it"
                  .formatted(Quote.name(entry.getKey()), Quote.name(entry.getValue())));
        }
      }
      complete = true;
      return new OpenCheckpoint(
          indexFile.path(),
          open,
          format + " in " + (open.size() == 1 ? "1 file" : open.size() + " files"),
          tensors,
          metadata,
          List.of(),
          "");
    } finally {
      if (!complete) {
        open.forEach(MappedFile::close);
      }
    }
  }

  /** The files by name, each with one of its tensors. */
  private Map<String, String> firstTensors() {
    Map<String, String> first = new TreeMap<>();
    index.shards().forEach((tensor, shard) -> first.putIfAbsent(shard, tensor));
    return first;
  }

  private String readShard(String shard, String firstTensor) {
    Path path = indexFile.path().resolveSibling(shard);
    if (!Files.isRegularFile(path)) {
      throw indexFile.problem(
          "the file %s is missing, which should hold tensor %s"
              .formatted(Quote.name(shard), Quote.name(firstTensor)));
    }
    OpenCheckpoint checkpoint = Checkpoints.openShard(path);
    open.addAll(checkpoint.mapped());
    for (Tensor tensor : checkpoint.tensors().values()) {
      String expected = index.shards().get(tensor.name());
      if (!shard.equals(expected)) {
        throw indexFile.problem(
            "tensor %s lies in %s, but the index %s"
                .formatted(
                    Quote.name(tensor.name()),
                    Quote.name(shard),
                    expected == null
                        ? "does not name it"
                        : "places it in " + Quote.name(expected)));
      }
      tensors.put(tensor.name(), tensor);
    }
    checkpoint.metadata().forEach(metadata::putIfAbsent);
    return checkpoint.format();
  }
}
