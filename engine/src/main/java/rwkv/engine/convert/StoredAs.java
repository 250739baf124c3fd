package rwkv.engine.convert;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.naming.OfficialTensors;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/**
 * A model of any version, in memory, with its matrices stored in another type: what a file of that
 * type would compute, without one. What files of quantised types keep in more bits stays as it is.
 */
public final class StoredAs implements Checkpoint {

  private static final Pattern MATRIX =
      Pattern.compile("(?:emb|head|blocks\\.\\d+\\.(?:att|ffn)\\.[a-z]+)\\.weight");
  private static final long CACHE_LINE = 64;

  private final Checkpoint source;
  private final DType dtype;
  private final Arena arena = Arena.ofShared();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private StoredAs(Checkpoint source, DType dtype) {
    this.source = source;
    this.dtype = dtype;
  }

  /**
   * Stores a model's matrices in a type.
   *
   * @param source must stay open as long as this is used; closing this leaves it open
   * @param dtype a floating type; matrices whose rows are not whole blocks of it take another, as
   *     {@link GgufTypes} says
   * @throws rwkv.engine.checkpoint.CheckpointException if the type cannot hold a number
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static StoredAs of(Checkpoint source, DType dtype, Progress progress) {
    StoredAs made = new StoredAs(source, dtype);
    try {
      made.store(progress);
      return made;
    } catch (RuntimeException | Error failure) {
      made.close();
      throw failure;
    }
  }

  private void store(Progress progress) {
    Encoder encoder = new Encoder(source);
    List<TargetTensor> wanted =
        OfficialLayout.tensors(OfficialTensors.of(source), null).stream().map(this::typed).toList();
    for (int i = 0; i < wanted.size(); i++) {
      double before = (double) i / wanted.size();
      int all = wanted.size();
      TargetTensor tensor = wanted.get(i);
      MemorySegment data;
      if (tensor.isCopy()) {
        data = tensor.numbers().stored().orElseThrow().data();
      } else {
        data = arena.allocate(Math.max(1, tensor.bytes()), CACHE_LINE).asSlice(0, tensor.bytes());
        encoder.encode(tensor, data, part -> progress.at(before + part / all));
      }
      tensors.put(tensor.name(), new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), data));
      progress.at(before + 1.0 / all);
    }
  }

  private TargetTensor typed(TargetTensor tensor) {
    if (tensor.shape().rank() != 2 || !MATRIX.matcher(tensor.name()).matches()) {
      return tensor;
    }
    String llama = tensor.name().equals("head.weight") ? "output.weight" : tensor.name();
    DType type = GgufTypes.of(llama, tensor.shape(), dtype);
    return new TargetTensor(tensor.name(), tensor.source(), type, tensor.shape(), tensor.numbers());
  }

  @Override
  public Path path() {
    return source.path();
  }

  /** None: it is in no file. */
  @Override
  public List<Path> files() {
    return List.of();
  }

  @Override
  public String format() {
    return "matrices stored as " + dtype;
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** The source's, without what a GGUF says of names and types that are no longer so. */
  @Override
  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>(source.metadata());
    metadata.keySet().removeIf(key -> key.startsWith("general."));
    return metadata;
  }

  @Override
  public String savedAs() {
    return source.savedAs();
  }

  @Override
  public void close() {
    arena.close();
  }
}
