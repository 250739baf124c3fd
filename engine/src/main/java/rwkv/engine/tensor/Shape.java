package rwkv.engine.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor's dimensions, outermost first; a scalar has none. Row-major.
 *
 * @param sizes each at least 0, their product within a {@code long}
 */
public record Shape(List<Long> sizes) {

  public Shape {
    sizes = List.copyOf(sizes);
    long count = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("a dimension of " + size + " in shape " + sizes);
      }
      count = Math.multiplyExact(count, size);
    }
  }

  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).boxed().toList());
  }

  public int rank() {
    return sizes.size();
  }

  public long size(int dimension) {
    return sizes.get(dimension);
  }

  /** How many numbers a tensor of this shape holds. */
  public long count() {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return count;
  }

  /** This shape without its dimensions of size one, as {@code [1,1,C]} becomes {@code [C]}. */
  public Shape squeezed() {
    return new Shape(sizes.stream().filter(size -> size != 1).toList());
  }

  /** As in {@code [768,64]}. */
  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }
}
