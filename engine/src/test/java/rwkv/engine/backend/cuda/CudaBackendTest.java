package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;

class CudaBackendTest {

  private final Backend cuda =
      Backends.installed().all().stream()
          .filter(backend -> backend.id().equals("cuda"))
          .findFirst()
          .orElseThrow();

  /** On a machine without a card; on one with a card it has a name. */
  @Test
  void itSaysInASentenceWhyItCannotBeUsed() {
    switch (cuda.availability()) {
      case Availability.Available(String device) -> assertTrue(device.contains("driver"), device);
      case Availability.Unavailable(String reason) -> {
        assertTrue(reason.contains("NVIDIA"), reason);
        IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, () -> Backends.installed().choose("cuda"));
        assertEquals("backend cuda cannot be used: " + reason, refused.getMessage());
        assertThrows(IllegalStateException.class, () -> cuda.open(1));
      }
    }
  }

  @Test
  void itIsUsedOnlyWhenItIsAskedFor() {
    assertNotEquals("cuda", Backends.installed().choose(Backends.AUTO).id());
  }
}
