package rwkv.app.tensors;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.app.theme.Sizes;
import rwkv.engine.analysis.TensorStatistics;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * What is known about a tensor, without its numbers: may be kept when the file has been closed.
 *
 * @param index its place in the file, from 0
 * @param bytes as it is stored
 * @param statistics null while nobody has computed them
 * @param problem why they could not be computed; else empty
 */
public record TensorEntry(
    int index,
    String name,
    DType dtype,
    Shape shape,
    long bytes,
    @Nullable TensorStatistics statistics,
    String problem) {

  /** Of a tensor whose numbers nobody has looked at. */
  public static TensorEntry of(int index, Tensor tensor) {
    return new TensorEntry(
        index, tensor.name(), tensor.dtype(), tensor.shape(), tensor.data().byteSize(), null, "");
  }

  /** The same with its statistics. */
  public TensorEntry with(TensorStatistics found) {
    return new TensorEntry(index, name, dtype, shape, bytes, found, "");
  }

  /** The same with the reason why something could not be read. */
  TensorEntry with(String reason) {
    return new TensorEntry(index, name, dtype, shape, bytes, statistics, reason);
  }

  /** Whether nobody has tried to compute its statistics. */
  boolean isUnknown() {
    return statistics == null && problem.isEmpty();
  }

  /** How many numbers. */
  public long count() {
    return shape.count();
  }

  /** Its type as files call it, as in "bf16". */
  public String type() {
    return dtype.name().toLowerCase(Locale.ROOT);
  }

  /** Its shape for a person, as in "768×64"; a scalar is "one number". */
  public String sizes() {
    return shape.rank() == 0
        ? "one number"
        : shape.sizes().stream().map(String::valueOf).collect(Collectors.joining("×"));
  }

  /** Its name on one line: what cannot be seen is written as an escape. */
  public String shownName() {
    StringBuilder shown = new StringBuilder(name.length());
    name.codePoints().forEach(character -> append(shown, character));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int character) {
    boolean isInvisible =
        switch (Character.getType(character)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE,
              Character.UNASSIGNED ->
              true;
          default -> false;
        };
    if (isInvisible) {
      shown.append("\\u{%x}".formatted(character));
    } else {
      shown.appendCodePoint(character);
    }
  }

  /** As in "bf16 · 768×64 · 98.3 kB". */
  String summary() {
    return type() + " · " + sizes() + " · " + Sizes.bytes(bytes);
  }
}
