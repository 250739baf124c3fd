package rwkv.engine.backend.cpu;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Shapes;

/** What shapes gradients must have. */
final class GradientShapes {

  private GradientShapes() {}

  /** Refuses a gradient that has not the shape of what it is the gradient of. */
  static void alike(Buffer of, @Nullable Buffer... gradients) {
    for (Buffer d : gradients) {
      if (d != null && (d.rows() != of.rows() || d.channels() != of.channels())) {
        throw new IllegalArgumentException(
            Shapes.text(d) + " is no gradient for " + Shapes.text(of));
      }
    }
  }

  /** Refuses a gradient whose shape is neither that of {@code out} nor one row of it. */
  static void fits(Buffer out, @Nullable Buffer gradient) {
    if (gradient != null) {
      Shapes.same(out, gradient);
    }
  }

  /** The sum's destination, where a gradient is one row for all. */
  static @Nullable Buffer summed(@Nullable Buffer d, Buffer out) {
    return d != null && d.rows() == 1 && out.rows() > 1 ? d : null;
  }
}
