package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Token ids on a command line. */
final class TokenList {

  private static final int SHOWN = 20;

  private TokenList() {}

  /**
   * Reads ids separated by commas or white space, or the file named after an at-sign.
   *
   * @param option that they belong to
   * @throws IOException if the file cannot be read
   */
  static int[] parse(String option, String text) throws IOException {
    if (text.startsWith("@")) {
      return ids(option, Files.readString(Path.of(text.substring(1))));
    }
    return ids(option, text);
  }

  private static int[] ids(String option, String text) {
    return Arrays.stream(text.split("[,\\s]+"))
        .filter(word -> !word.isEmpty())
        .mapToInt(word -> id(option, word))
        .toArray();
  }

  private static int id(String option, String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      String shown = word.length() > SHOWN ? word.substring(0, SHOWN) + "..." : word;
      throw new BadInput(option + ": '" + shown + "' is not a token id", e);
    }
  }

  /** Refuses ids that a model does not have. */
  static void check(String option, int[] tokens, int vocabulary) {
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabulary) {
        String found = "token " + tokens[i] + " at position " + i;
        throw new BadInput(
            option + ": " + found + " is not in the vocabulary of 0 to " + (vocabulary - 1));
      }
    }
  }
}
