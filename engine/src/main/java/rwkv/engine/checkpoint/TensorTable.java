package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Collects a file's tensors under their own names, without the prefix of a wrapper. */
final class TensorTable {

  /** Far above any model; keeps a hostile file from filling the heap with empty tensors. */
  static final int MAX_TENSORS = 20_000;

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
    String name = unwrapped(fileName);
    if (tensors.put(name, new Tensor(name, dtype, shape, data)) != null) {
      throw file.problem("tensor " + Quote.name(name) + " stands in the file twice");
    }
    checkCount(file, tensors.size());
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  static void checkCount(MappedFile file, long count) {
    if (count > MAX_TENSORS) {
      throw file.problem("more than " + MAX_TENSORS + " tensors; this is no model");
    }
  }

  /** A name without the prefix that a wrapper has put before it. */
  static String unwrapped(String name) {
    return name.startsWith(WRAPPER_PREFIX) ? name.substring(WRAPPER_PREFIX.length()) : name;
  }

  /**
   * How many bytes a tensor takes.
   *
   * @throws CheckpointException if a size is negative, the product does not fit a {@code long} or
   *     rows are not whole blocks of the type
   */
  static long byteSize(MappedFile file, String name, DType dtype, List<Long> sizes) {
    if (innermost(sizes) % dtype.blockSize() != 0) {
      throw file.problem(
          "tensor %s has the shape %s, but numbers of type %s come in blocks of %s"
              .formatted(Quote.name(name), Quote.sizes(sizes), dtype, dtype.blockSize()));
    }
    try {
      return dtype.bytes(new Shape(sizes).count());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw file.problem(
          "tensor " + Quote.name(name) + " has the impossible shape " + Quote.sizes(sizes), e);
    }
  }

  /** How many numbers stand in a row. */
  static long innermost(List<Long> sizes) {
    return sizes.isEmpty() ? 1 : sizes.getLast();
  }
}
