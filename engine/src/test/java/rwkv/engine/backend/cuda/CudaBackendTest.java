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
  void aCardIsChosenByItsNumber() {
    Backend third = cuda.on(2);
    assertEquals("cuda:2", third.id());
    String said = refusal("cuda:x");
    assertEquals("backend cuda:x: \"x\" is no number of a device, expected one as in cuda:0", said);
    assertTrue(refusal("cuda:-1").contains("is no number of a device"));
    assertTrue(refusal("cpu:0").startsWith("backend cpu has no devices to choose from"));
    assertTrue(refusal("cuda:9999").startsWith("backend cuda:9999 cannot be used: "));
  }

  private static String refusal(String id) {
    return assertThrows(IllegalArgumentException.class, () -> Backends.installed().choose(id))
        .getMessage();
  }

  @Test
  void itIsUsedOnlyWhenItIsAskedFor() {
    assertNotEquals("cuda", Backends.installed().choose(Backends.AUTO).id());
  }
}
