package rwkv.engine.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Derivation;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Tensors;
import rwkv.engine.naming.Form;
import rwkv.engine.naming.OfficialTensors;
import rwkv.engine.naming.Part;
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
  private final Map<String, Part> parts;
  private final Kernels kernels;
  private final Progress progress;
  private final Set<String> used = new HashSet<>();
  private final long bytes;
  private long checkedBytes;
  private long unreadBytes;

  Weights(Checkpoint checkpoint, Kernels kernels, Progress progress) {
    this.checkpoint = checkpoint;
    this.parts = OfficialTensors.of(checkpoint).parts();
    this.kernels = kernels;
    this.progress = progress;
    this.bytes = checkpoint.tensors().values().stream().mapToLong(t -> t.data().byteSize()).sum();
  }

  /** The checkpoint's file, for a person. */
  String file() {
    return checkpoint.path().toString();
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
    return parts.containsKey(name);
  }

  /** Accepts a tensor that the model does not need. */
  void ignore(String name) {
    used.add(name);
  }

  /** What stands in the file beside the tensors. */
  Set<String> otherEntries() {
    return checkpoint.metadata().keySet();
  }

  /** What an entry beside the tensors says, or "" without it. */
  String otherEntry(String name) {
    return checkpoint.metadata().getOrDefault(name, "");
  }

  /** The name that the file was saved under, where it keeps one, and the one it has. */
  List<String> fileNames() {
    return List.of(checkpoint.savedAs(), String.valueOf(checkpoint.path().getFileName()));
  }

  Set<String> names() {
    return parts.keySet();
  }

  /** The tensor of that official name, not yet checked. */
  Part part(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw problem("tensor %s is missing among %d tensors", name, parts.size());
    }
    return part;
  }

  /** The official sizes of a tensor, before anything else is known of it. */
  Shape shape(String name, int rank) {
    Part part = part(name);
    if (part.shape().rank() != rank || part.tensor().count() == 0) {
      throw problem(
          "tensor %s has shape %s, expected %d dimensions",
          part.tensor().name(), part.tensor().shape(), rank);
    }
    return part.shape();
  }

  /** The first of a tensor's official sizes. */
  int rows(String name) {
    Shape shape = part(name).shape();
    if (shape.rank() == 0 || shape.count() == 0) {
      throw problem("tensor %s has shape %s, expected at least one number", name, shape);
    }
    return (int) Math.min(shape.size(0), Integer.MAX_VALUE);
  }

  /** The second of a matrix's official sizes. */
  int columns(String name) {
    return (int) Math.min(shape(name, 2).size(1), Integer.MAX_VALUE);
  }

  /** Refuses models whose time mixing is not as wide as their residual. */
  void requireWidth(String key, int channels) {
    long width = shape(key, 2).size(0);
    if (width != channels) {
      throw problem(
          "tensor %s has shape %s: time mixing is %d channels wide and the residual %d, which"
              + " cannot be run",
          key, part(key).shape(), width, channels);
    }
  }

  /** A vector of that many numbers, whatever dimensions of size one it has. */
  Buffer vector(String name, int count) {
    Part part = part(name);
    boolean asStored =
        part.form() == Form.OFFICIAL && part.shape().squeezed().equals(Shape.of(count).squeezed());
    return asStored ? kernels.vector(checked(name)) : vector(name, count, Derivation.IDENTITY);
  }

  /** f of every official number of a vector. */
  Buffer vector(String name, int count, Derivation f) {
    return derived(name, Shape.of(count), 1, f);
  }

  /** f of every official number of a tensor {@code [heads, size]} or {@code [heads · size]}. */
  Buffer vector(String name, int heads, int size, Derivation f) {
    boolean flat = part(name).shape().squeezed().rank() < 2;
    return derived(name, flat ? Shape.of((long) heads * size) : Shape.of(heads, size), 1, f);
  }

  /** f of every official number of a tensor {@code [heads]}, {@code size} times each. */
  Buffer repeated(String name, int heads, int size, Derivation f) {
    return derived(name, Shape.of(heads), size, f);
  }

  /** A tensor's official numbers, whatever dimensions of size one it has. */
  private double[] numbers(String name, Shape expected) {
    Tensor tensor = checked(name);
    if (!tensor.shape().squeezed().equals(expected.squeezed())) {
      throw problem("tensor %s has shape %s, expected %s", tensor.name(), tensor.shape(), expected);
    }
    float[] stored = tensor.toFloats();
    double[] numbers = new double[stored.length];
    Form form = part(name).form();
    for (int i = 0; i < stored.length; i++) {
      numbers[i] = form.undo(stored[i]);
      if (Double.isNaN(numbers[i])) {
        throw problem("tensor %s holds %s, out of its range", tensor.name(), stored[i]);
      }
    }
    return numbers;
  }

  private Buffer derived(String name, Shape expected, int times, Derivation f) {
    double[] numbers = numbers(name, expected);
    return kernels.derived(part(name).tensor(), numbers, times, f);
  }

  /** A tensor of exactly these sizes as one vector. */
  Buffer flattened(String name, long... sizes) {
    return kernels.vector(shaped(name, sizes));
  }

  /** A weight stored as {@code [out, in]}. */
  Matrix matrix(String name, int out, int in) {
    return kernels.matrix(shaped(name, out, in));
  }

  /** A weight stored as {@code [out, in]} whose inputs are often zero. */
  Matrix columns(String name, int out, int in) {
    return kernels.columns(shaped(name, out, in));
  }

  /** A weight stored as {@code [out, in]} that some files hold halved a few times. */
  Projection projection(String name, int out, int in) {
    return projection(name, matrix(name, out, in));
  }

  /** The same of a weight whose inputs are often zero. */
  Projection columnProjection(String name, int out, int in) {
    return projection(name, columns(name, out, in));
  }

  private Projection projection(String name, Matrix matrix) {
    int halvings = part(name).halvings();
    if (halvings == 0) {
      return new Projection(matrix, null);
    }
    float[] scale = new float[matrix.out()];
    Arrays.fill(scale, Math.scalb(1f, halvings));
    return new Projection(matrix, kernels.vector(Tensor.of("", Shape.of(scale.length), scale)));
  }

  /** A matrix stored as {@code [rows, columns]} of which one row is read for a token. */
  Matrix table(String name, int rows, int columns) {
    Matrix table = matrix(name, rows, columns);
    unreadBytes += table.bytes() - table.bytes() / rows;
    return table;
  }

  /** Bytes of all tensors that one token must read. */
  long bytesPerToken() {
    return bytes - unreadBytes;
  }

  /** A weight that official files store as {@code [in, out]}, and others the other way round. */
  Matrix transposed(String name, int in, int out) {
    Tensor tensor = shaped(name, in, out);
    return part(name).swapped() ? kernels.matrix(tensor) : kernels.transposed(tensor);
  }

  /** A tensor that officially has exactly these sizes, as it is stored. */
  Tensor shaped(String name, long... sizes) {
    Part part = part(name);
    if (!part.shape().equals(Shape.of(sizes))) {
      throw problem(
          "tensor %s should have the shape %s, found %s",
          part.tensor().name(), Shape.of(sizes), part.shape());
    }
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
    Tensor tensor = part(name).tensor();
    if (tensor.dtype() == DType.F64 || !tensor.dtype().isFloating()) {
      throw problem(
          "tensor %s is stored as %s, expected F32, F16, BF16 or a quantised type",
          tensor.name(), tensor.dtype());
    }
    if (used.add(name)) {
      Tensors.requireFinite(checkpoint, tensor);
      checkedBytes += tensor.data().byteSize();
      progress.at((double) checkedBytes / Math.max(1, bytes));
    }
    return tensor;
  }
}
