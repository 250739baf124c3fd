package rwkv.engine.model;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Tensors;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * A checkpoint's tensors on their way into a model: each is checked (there, of the expected shape,
 * every number finite) when it is asked for, and what nobody asked for is refused by name in the
 * end.
 */
final class Weights {

  private final Checkpoint checkpoint;
  private final Kernels kernels;
  private final Progress progress;
  private final Set<String> used = new HashSet<>();
  private final long bytes;
  private long checkedBytes;

  Weights(Checkpoint checkpoint, Kernels kernels, Progress progress) {
    this.checkpoint = checkpoint;
    this.kernels = kernels;
    this.progress = progress;
    this.bytes = checkpoint.tensors().values().stream().mapToLong(t -> t.data().byteSize()).sum();
  }

  /** Bytes of all tensors as stored. */
  long bytes() {
    return bytes;
  }

  /** Numbers in all tensors. */
  long parameters() {
    return checkpoint.tensors().values().stream().mapToLong(Tensor::count).sum();
  }

  /** The type that most numbers are stored in. */
  DType stored() {
    return checkpoint.tensors().values().stream()
        .collect(Collectors.groupingBy(Tensor::dtype, Collectors.summingLong(Tensor::count)))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .orElseThrow(() -> problem("holds no tensors"))
        .getKey();
  }

  boolean has(String name) {
    return checkpoint.tensors().containsKey(name);
  }

  /** Accepts a tensor that the model does not need. */
  void ignore(String name) {
    used.add(name);
  }

  /** What stands in the file beside the tensors. */
  Set<String> otherEntries() {
    return checkpoint.metadata().keySet();
  }

  Set<String> names() {
    return checkpoint.tensors().keySet();
  }

  /** The sizes of a tensor, before anything else is known of it. */
  Shape shape(String name, int rank) {
    Tensor tensor = Tensors.require(checkpoint, name);
    if (tensor.shape().rank() != rank || tensor.count() == 0) {
      throw problem("tensor %s has shape %s, expected %d dimensions", name, tensor.shape(), rank);
    }
    return tensor.shape();
  }

  /** A vector of that many numbers, whatever dimensions of size one it has. */
  Buffer vector(String name, int count) {
    Tensor tensor = checked(name);
    if (tensor.count() != count || tensor.shape().squeezed().rank() > 1 && count != 1) {
      throw problem("tensor %s has shape %s, expected [%d]", name, tensor.shape(), count);
    }
    return kernels.vector(tensor);
  }

  /** A tensor of exactly these sizes as one vector. */
  Buffer flattened(String name, long... sizes) {
    return kernels.vector(shaped(name, sizes));
  }

  /** A weight stored as {@code [out, in]}. */
  Matrix matrix(String name, int out, int in) {
    return kernels.matrix(shaped(name, out, in));
  }

  /** A weight stored as {@code [in, out]}. */
  Matrix transposed(String name, int in, int out) {
    return kernels.transposed(shaped(name, in, out));
  }

  /** A tensor of exactly these sizes. */
  Tensor shaped(String name, long... sizes) {
    Tensors.require(checkpoint, name, Shape.of(sizes));
    return checked(name);
  }

  Rwkv.Normalisation normalisation(String prefix, int channels) {
    return new Rwkv.Normalisation(
        vector(prefix + ".weight", channels), vector(prefix + ".bias", channels));
  }

  /** The initial WKV state that a checkpoint may carry, or null. */
  @Nullable Tensor timeState(int layer, int heads, int headSize) {
    String name = "blocks." + layer + ".att.time_state";
    return has(name) ? shaped(name, heads, headSize, headSize) : null;
  }

  /** Refuses tensors that nobody asked for: ignoring them would compute something else. */
  void refuseUnused() {
    String unknown =
        names().stream().filter(n -> !used.contains(n)).limit(3).collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      throw problem("holds tensors this version of the model does not know: %s", unknown);
    }
  }

  CheckpointException problem(String format, Object... values) {
    return new CheckpointException(
        checkpoint.path(), values.length == 0 ? format : String.format(format, values));
  }

  private Tensor checked(String name) {
    Tensor tensor = Tensors.require(checkpoint, name);
    if (tensor.dtype() == DType.F64 || !tensor.dtype().isFloating()) {
      throw problem(
          "tensor %s is stored as %s, expected one of F32, F16, BF16", name, tensor.dtype());
    }
    if (used.add(name)) {
      Tensors.requireFinite(checkpoint, tensor);
      checkedBytes += tensor.data().byteSize();
      progress.at((double) checkedBytes / Math.max(1, bytes));
    }
    return tensor;
  }
}
