package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesCommandTest {

  /** A card is told with its memory; where there is none, the line says why. */
  @Test
  void everyBackendHasALineThatNamesItsDeviceOrSaysWhyItCannotBeUsed() {
    List<String> lines = Cli.ok("devices").text().lines().toList();
    assertTrue(lines.getFirst().startsWith("auto "), lines.getFirst());
    assertEquals(1, lines.stream().filter(line -> line.startsWith("cpu ")).count());
    List<String> cards = lines.stream().filter(line -> line.startsWith("cuda")).toList();
    assertTrue(!cards.isEmpty());
    for (String card : cards) {
      assertTrue(card.contains("cannot be used: ") || card.contains("compute capability"), card);
    }
  }
}
