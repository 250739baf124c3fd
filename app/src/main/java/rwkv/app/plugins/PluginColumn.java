package rwkv.app.plugins;

import java.util.function.Function;

/** A column of the list of plugins. */
enum PluginColumn {
  NAME("plugin", 170, entry -> entry.jar().name()),
  VERSION("version", 90, entry -> entry.jar().version()),
  API("API", 44, entry -> entry.jar().api()),
  FROM("from", 150, PluginColumn::from),
  SHA256("SHA-256", 110, entry -> digest(entry)),
  STATE("state", 150, entry -> entry.state().words()),
  OFFERS("offers", 300, PluginEntry::offersInWords);

  /** Digits of a digest that are shown. */
  private static final int DIGITS = 12;

  private final String title;
  private final double width;
  private final Function<PluginEntry, String> text;

  PluginColumn(String title, double width, Function<PluginEntry, String> text) {
    this.title = title;
    this.width = width;
    this.text = text;
  }

  String title() {
    return title;
  }

  double width() {
    return width;
  }

  String text(PluginEntry entry) {
    return text.apply(entry);
  }

  private static String from(PluginEntry entry) {
    return entry.state() == PluginState.BUNDLED
        ? "the workbench"
        : PluginJar.fileName(entry.jar().file());
  }

  private static String digest(PluginEntry entry) {
    String all = entry.jar().sha256();
    return all.length() <= DIGITS ? all : all.substring(0, DIGITS) + "…";
  }
}
