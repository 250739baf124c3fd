package rwkv.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Measures what looking costs: tokens per second of the first sample model at unlimited pace with
 * all pictures visible and with them hidden, in turn, in the real window; prints every round, the
 * medians and their ratio. On a screen (or a virtual one) without further flags: {@code [ROUNDS]
 * [TOKENS] [WIDTHxHEIGHT]}.
 */
final class ViewsCost {

  private ViewsCost() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
    int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
    String[] size = (arguments.length > 2 ? arguments[2] : "1280x800").split("x");
    Path settings = Files.createTempDirectory("rwkv-views-cost").resolve("settings.json");
    DrivenWindow window = DrivenWindow.start(settings);
    window.await(() -> !window.text("#modelSummary").isEmpty());
    window.size(Double.parseDouble(size[0]), Double.parseDouble(size[1]));
    DrivenWindow.on(() -> {
      window.model().generate().paceProperty().set(Double.POSITIVE_INFINITY);
      return null;
    });
    // A story would end after a hundred tokens.
    window.write("#field-banned", "0");
    List<Double> visible = new ArrayList<>();
    List<Double> hidden = new ArrayList<>();
    round(window, true, tokens);
    round(window, false, tokens);
    for (int i = 0; i < rounds; i++) {
      visible.add(round(window, true, tokens));
      hidden.add(round(window, false, tokens));
      System.out.printf(
          Locale.ROOT, "visible %.0f, hidden %.0f tokens/s%n", visible.get(i), hidden.get(i));
    }
    double ratio = median(visible) / median(hidden);
    System.out.printf(
        Locale.ROOT,
        "medians of %d: visible %.0f, hidden %.0f tokens/s, ratio %.3f%n",
        rounds,
        median(visible),
        median(hidden),
        ratio);
    System.exit(0);
  }

  /** Tokens per second from the first to the last event of so many tokens. */
  private static double round(DrivenWindow window, boolean shown, int tokens) {
    DrivenWindow.on(() -> {
      for (Pane pane : Pane.values()) {
        window.model().shown(pane).set(shown || pane == Pane.TEXT);
      }
      return null;
    });
    window.press("#reset");
    window.await(() -> window.position() == 0);
    window.write("#field-max-tokens", Integer.toString(tokens));
    long begin = System.nanoTime();
    window.press("#generate");
    window.await(() -> window.text("#generate").equals("Pause"));
    window.await(() -> window.text("#generate").equals("Generate"));
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (window.position() < tokens) {
      throw new IllegalStateException(
          "only " + window.position() + " tokens: " + window.text("#statusMessage"));
    }
    return window.position() / seconds;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
