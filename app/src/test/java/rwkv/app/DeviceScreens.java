package rwkv.app;

import javafx.scene.control.MenuButton;

/** The window with a model on a card, for pictures. */
final class DeviceScreens {

  private DeviceScreens() {}

  /** The model card of a model that has moved to a card. */
  static void card(DrivenWindow window) {
    move(window);
    window.press("#railModel");
  }

  /** The menu of the status bar. */
  static void menu(DrivenWindow window) {
    move(window);
    DrivenWindow.on(() -> {
      ((MenuButton) window.node("#statusDevice")).show();
      return null;
    });
  }

  /** A card that has failed in the middle of a text. */
  static void lost(DrivenWindow window) {
    move(window);
    FrailBackend.failAfter(3000);
    window.press("#generate");
    window.await(() -> window.node("#banner").isVisible());
  }

  private static void move(DrivenWindow window) {
    FrailBackend.plugIn(76_000_000_000L);
    DrivenWindow.on(() -> {
      window.model().device().find();
      window.model().open().move("frail:0");
      return null;
    });
    window.await(() -> window.text("#statusDevice").startsWith("frail:0"));
  }
}
