package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import rwkv.app.chart.Seeds;

class WallGeometryTest {

  @Test
  void aSmallModelIsMagnified() {
    WallGeometry wall = WallGeometry.fit(540, 540, 4, 4, 32, 32);
    assertEquals(4, wall.zoom());
    assertEquals(1, wall.block());
    assertEquals(128, wall.tileWidth());
    assertEquals("", wall.words());
  }

  @Test
  void aLargeModelIsReducedAndSaysSo() {
    WallGeometry wall = WallGeometry.fit(1200, 1150, 61, 64, 64, 64);
    assertEquals(4, wall.block());
    assertEquals(16, wall.tileWidth());
    assertEquals("each pixel shows the largest of 4x4 values", wall.words());
  }

  @Test
  void thereIsASmallestWallThatScrolls() {
    WallGeometry wall = WallGeometry.fit(10, 10, 61, 64, 64, 64);
    assertEquals(WallGeometry.smallest(61, 64, 64, 64), wall);
    assertEquals(8, wall.tileWidth());
  }

  @Test
  void placesAreFoundAgain() {
    WallGeometry wall = WallGeometry.fit(540, 540, 4, 4, 32, 32);
    double x = 2 * wall.across() + 17 * 4 + 1;
    double y = 3 * wall.down() + 5 * 4 + 3;
    assertEquals(2, wall.headAt(x));
    assertEquals(3, wall.layerAt(y));
    assertEquals(17, wall.columnAt(x));
    assertEquals(5, wall.rowAt(y));
    assertEquals(-1, wall.headAt(-10));
    assertEquals(-1, wall.layerAt(wall.height() + 10));
  }

  @Test
  void fitsAndFindsItsOwnCells() {
    Random random = Seeds.random("wall geometry");
    for (int round = 0; round < 500; round++) {
      int layers = 1 + random.nextInt(61);
      int heads = 1 + random.nextInt(64);
      int size = 8 * (1 + random.nextInt(16));
      int width = 50 + random.nextInt(2500);
      int height = 50 + random.nextInt(1500);
      WallGeometry wall = WallGeometry.fit(width, height, layers, heads, size, size);
      boolean smallest = wall.equals(WallGeometry.smallest(layers, heads, size, size));
      assertTrue(smallest || wall.width() <= width && wall.height() <= height, wall.toString());
      int head = random.nextInt(heads);
      int cell = random.nextInt(size);
      int pixel = wall.block() == 1 ? cell * wall.zoom() : cell / wall.block();
      double x = head * wall.across() + pixel;
      assertEquals(head, wall.headAt(x), wall.toString());
      assertEquals(cell - cell % wall.block(), wall.columnAt(x), wall.toString());
    }
  }

  @Test
  void fewRowsAreStretchedAndFoundAgain() {
    WallGeometry wall = WallGeometry.fit(900, 500, 2, 12, 3, 64);
    assertTrue(wall.tileHeight() * 5 >= wall.tileWidth(), wall.toString());
    for (int row = 0; row < 3; row++) {
      double y = wall.down() + row * wall.cellHeight() + wall.cellHeight() / 2.0;
      assertEquals(row, wall.rowAt(y), wall.toString());
      assertEquals(1, wall.layerAt(y));
    }
    WallGeometry small = WallGeometry.fit(100, 60, 2, 12, 3, 64);
    assertEquals(1, small.rowBlock(), small.toString());
    assertEquals(2, small.rowAt(small.down() + small.tileHeight() - 1), small.toString());
  }
}
