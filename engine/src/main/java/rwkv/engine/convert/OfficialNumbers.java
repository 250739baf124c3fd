package rwkv.engine.convert;

import java.util.List;
import rwkv.engine.naming.Form;
import rwkv.engine.naming.Part;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** What a part's numbers are officially, and what they are where something is done to them. */
final class OfficialNumbers {

  /** e^−e^x is 1 in f32 from here down, −e^x is 0 and e^x is 0 much further down. */
  private static final double DECAYS_NOTHING = -20;

  /** e^−e^x is 0 in f32 from here up. */
  private static final double DECAYS_ALL = 5;

  private static final double LOGARITHM_OF_NOTHING = -104;

  private OfficialNumbers() {}

  /**
   * A part's official numbers.
   *
   * @param swapped whether they are wanted with the last two axes swapped
   */
  static Numbers of(Part part, boolean swapped) {
    Tensor tensor = part.tensor();
    Numbers ordered =
        part.swapped() == swapped ? Numbers.of(tensor) : Numbers.of(transposed(tensor));
    if (part.form() == Form.OFFICIAL && part.halvings() == 0) {
      return ordered;
    }
    return new Undone(ordered, part.form(), part.halvings());
  }

  /** The numbers of several parts, one after the other. */
  static Numbers joined(List<Part> parts) {
    int count = parts.stream().mapToInt(part -> (int) part.tensor().count()).sum();
    float[] values = new float[count];
    int next = 0;
    for (Part part : parts) {
      int each = (int) part.tensor().count();
      float[] one = new float[each];
      of(part, false).read(0, each, one);
      System.arraycopy(one, 0, values, next, each);
      next += each;
    }
    return Numbers.of(values);
  }

  /** With the last two axes swapped; only low-rank matrices come here, which are small. */
  private static float[] transposed(Tensor tensor) {
    Shape shape = tensor.shape();
    int rows = (int) shape.size(shape.rank() - 2);
    int columns = (int) shape.size(shape.rank() - 1);
    float[] stored = tensor.toFloats();
    float[] turned = new float[stored.length];
    for (int matrix = 0; matrix < stored.length; matrix += rows * columns) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          turned[matrix + column * rows + row] = stored[matrix + row * columns + column];
        }
      }
    }
    return turned;
  }

  /** Numbers with a form and halvings undone, in double. */
  private record Undone(Numbers source, Form form, int doublings) implements Numbers {

    @Override
    public long count() {
      return source.count();
    }

    @Override
    public void read(long from, int count, float[] to) {
      source.read(from, count, to);
      for (int i = 0; i < count; i++) {
        to[i] = Math.scalb((float) official(to[i]), doublings);
      }
    }

    /** Forms that have become 0 or 1 in f32 stand for numbers that become so again. */
    private double official(float x) {
      double undone = form.undo(x);
      if (undone == Double.NEGATIVE_INFINITY) {
        return form == Form.EXP_NEGATIVE_EXP ? DECAYS_NOTHING : LOGARITHM_OF_NOTHING;
      }
      return undone == Double.POSITIVE_INFINITY && form == Form.EXP_NEGATIVE_EXP
          ? DECAYS_ALL
          : undone;
    }
  }
}
