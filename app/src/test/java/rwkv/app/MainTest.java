package rwkv.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MainTest {

  @Test
  void modelsAndNothingOpenTheWindow() {
    assertTrue(Main.wantsWindow());
    assertTrue(Main.wantsWindow("model.pth"));
    assertTrue(Main.wantsWindow("open", "model"));
  }

  @Test
  void commandsNeedNoWindow() {
    assertFalse(Main.wantsWindow("--help"));
    assertFalse(Main.wantsWindow("info", "model.pth"));
    assertFalse(Main.wantsWindow("generate", "model.pth", "--prompt", "x"));
    assertFalse(Main.wantsWindow("open", "--help"));
  }
}
