package rwkv.app;

import java.nio.file.Files;
import java.nio.file.Path;
import rwkv.app.theme.Theme;

/**
 * Takes a picture of the window at work, as in the project's README: {@code FILE.png [WIDTHxHEIGHT]
 * [light|dark] [TOKENS] [EXTRA] [MODEL]}, where EXTRA is {@code card}, {@code device}, {@code
 * device-menu}, {@code device-lost}, {@code help}, {@code chat}, {@code tensors}, {@code lab},
 * {@code lab-new}, {@code lab-compare}, {@code lab-runs}, {@code truth}, {@code probes}, {@code
 * plugins}, {@code sampler} or {@code none}. It opens that model or the first sample, generates
 * with the first seed, text after text, until there are so many tokens. Where there is no display
 * it needs none, but then the picture may be 1000 pixels high at most.
 */
final class Screenshots {

  private Screenshots() {}

  public static void main(String[] arguments) throws Exception {
    if (System.getenv("DISPLAY") == null) {
      System.setProperty("glass.platform", "Headless");
      System.setProperty("prism.order", "sw");
      System.setProperty("java.awt.headless", "true");
    }
    Path file = Path.of(arguments[0]);
    String[] size = argument(arguments, 1, "1280x800").split("x");
    boolean dark = argument(arguments, 2, "light").equals("dark");
    int tokens = Integer.parseInt(argument(arguments, 3, "150"));
    String extra = argument(arguments, 4, "");
    Path settings = Files.createTempDirectory("rwkv-screenshot").resolve("settings.json");
    String[] opened = arguments.length > 5 ? new String[] {arguments[5]} : new String[0];
    DrivenWindow window = DrivenWindow.start(settings, opened);
    window.await(() -> !window.text("#modelSummary").isEmpty());
    window.size(Double.parseDouble(size[0]), Double.parseDouble(size[1]));
    if (dark != (window.model().themeProperty().get() == Theme.DARK)) {
      window.press("#themeButton");
    }
    DrivenWindow.on(() -> {
      WorkbenchViewModel model = window.model();
      model.generate().paceProperty().set(60);
      model.place().moveTo(model.place().place().layer() + 2, 1);
      return null;
    });
    while (window.position() < tokens) {
      window.press("#generate");
      window.await(() -> window.text("#generate").equals("Generate"));
    }
    switch (extra) {
      case "card" -> window.press("#railModel");
      case "device" -> DeviceScreens.card(window);
      case "device-menu" -> DeviceScreens.menu(window);
      case "device-lost" -> DeviceScreens.lost(window);
      case "tensors" -> {
        window.press("#railTensors");
        DrivenWindow.on(() -> {
          var tensors = window.model().tensors();
          tensors.selectedProperty().set(tensors.shown().get(Math.min(30, tensors.shown().size())));
          return null;
        });
        window.await(() -> !window.model().tensors().work().computingProperty().get());
      }
      case "help" -> window.press("#helpButton");
      case "robust" -> window.press("#robust");
      case "sampler" -> window.press("#samplerToggle");
      case "chat" -> chat(window);
      case "lab" -> LabScreens.curve(window);
      case "lab-new" -> LabScreens.plan(window);
      case "lab-runs" -> LabScreens.runs(window);
      case "lab-compare" -> LabScreens.compare(window);
      case "plugins" -> PluginScreens.list(window);
      case "probes" -> ProbeScreens.probes(window);
      case "probes-compare" -> ProbeScreens.compare(window);
      case "truth" -> {
        window.press("#truthBadge");
        window.press("#truthTest");
        window.await(() -> window.text("#truthTest").equals("Test thoroughly"));
      }
      default -> {}
    }
    window.screenshot(file);
    System.exit(0);
  }

  /** Two turns of a talk. */
  private static void chat(DrivenWindow window) {
    window.press("#railChat");
    window.press("#chatNew");
    window.await(() -> window.position() == 0);
    for (String turn : new String[] {"Anna is in the garden.", "Where is Anna?"}) {
      window.write("#chatDraft", turn);
      window.press("#chatSend");
      window.await(() -> window.text("#chatSend").equals("Send"));
    }
  }

  private static String argument(String[] arguments, int index, String otherwise) {
    return index < arguments.length ? arguments[index] : otherwise;
  }
}
