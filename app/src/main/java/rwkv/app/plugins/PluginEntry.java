package rwkv.app.plugins;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plugin in the list of all.
 *
 * @param reason why it is set aside, in a sentence; else empty
 * @param offers what it offers, as in {@code probe echo}
 */
public record PluginEntry(PluginJar jar, PluginState state, String reason, List<String> offers) {

  public PluginEntry {
    offers = List.copyOf(offers);
  }

  /** What it offers in words, as in {@code probes echo, needle; tokenizer latin1}. */
  public String offersInWords() {
    return Stream.of(PluginKind.values())
        .map(kind -> inWords(kind.word()))
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private String inWords(String kind) {
    List<String> names =
        offers.stream()
            .filter(offer -> offer.startsWith(kind + " "))
            .map(offer -> offer.substring(kind.length() + 1))
            .toList();
    return names.isEmpty()
        ? ""
        : kind + (names.size() == 1 ? " " : "s ") + String.join(", ", names);
  }

  /** Whether a person may let it take part: nothing is wrong with its jar itself. */
  public boolean canBeEnabled() {
    return switch (state) {
      case BUNDLED, ENABLED -> false;
      case DISABLED, WAITING -> true;
      case SET_ASIDE -> jar.problem().isEmpty();
    };
  }
}
