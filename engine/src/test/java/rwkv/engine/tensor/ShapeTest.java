package rwkv.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void theCountIsTheProduct() {
    assertEquals(24, Shape.of(2, 3, 4).count());
    assertEquals(1, Shape.of().count());
    assertEquals(0, Shape.of(5, 0, 7).count());
    assertEquals(1L << 40, Shape.of(1 << 20, 1 << 20).count());
  }

  @Test
  void squeezingDropsDimensionsOfOne() {
    assertEquals(Shape.of(7), Shape.of(1, 1, 7).squeezed());
    assertEquals(Shape.of(2, 3), Shape.of(2, 1, 3, 1).squeezed());
    assertEquals(Shape.of(), Shape.of(1).squeezed());
    assertEquals(Shape.of(0), Shape.of(1, 0).squeezed());
  }

  @Test
  void itIsWrittenInBrackets() {
    assertEquals("[768,64]", Shape.of(768, 64).toString());
    assertEquals("[]", Shape.of().toString());
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
    assertThrows(ArithmeticException.class, () -> Shape.of(1L << 62, 4));
  }

  @Test
  void laterChangesToTheListDoNotReachIt() {
    List<Long> sizes = new ArrayList<>(List.of(2L));
    Shape shape = new Shape(sizes);
    sizes.set(0, 3L);
    assertEquals(Shape.of(2), shape);
  }
}
