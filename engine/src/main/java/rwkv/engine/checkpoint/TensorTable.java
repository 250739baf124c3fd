package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Collects a file's tensors under their official names. */
final class TensorTable {

  /** Far above any model; keeps a hostile file from filling the heap with empty tensors. */
  static final int MAX_TENSORS = 100_000;

  /** As in PyTorch. */
  static final int MAX_RANK = 64;

  /** What DeepSpeed puts before each name when it consolidates a checkpoint. */
  private static final String WRAPPER_PREFIX = "_forward_module.";

  private final MappedFile file;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  TensorTable(MappedFile file) {
    this.file = file;
  }

  /** Adds a tensor; {@code data} has exactly the bytes that type and shape ask for. */
  void add(String fileName, DType dtype, Shape shape, MemorySegment data) {
    String name =
        fileName.startsWith(WRAPPER_PREFIX)
            ? fileName.substring(WRAPPER_PREFIX.length())
            : fileName;
    if (tensors.put(name, new Tensor(name, dtype, shape, data)) != null) {
      throw file.problem("tensor " + Quote.name(name) + " stands in the file twice");
    }
    if (tensors.size() > MAX_TENSORS) {
      throw file.problem("more than " + MAX_TENSORS + " tensors; this is no model");
    }
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * How many bytes a tensor takes.
   *
   * @throws CheckpointException if a size is negative or the product does not fit a {@code long}
   */
  static long byteSize(MappedFile file, String name, DType dtype, List<Long> sizes) {
    try {
      return Math.multiplyExact(new Shape(sizes).count(), (long) dtype.bytes());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw file.problem(
          "tensor " + Quote.name(name) + " has the impossible shape " + Quote.sizes(sizes), e);
    }
  }
}
