package rwkv.tokenizers;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Whether the name of a vocabulary file is made for the name of a model file. */
final class FileNames {

  static final String SUFFIX = ".vocab.txt";

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[-_. ]+");

  private FileNames() {}

  /** {@code anna} of {@code anna.vocab.txt}, in lower case. */
  static String ofVocabulary(Path file) {
    String name = lowerCase(file);
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /** {@code anna-v7} of {@code anna-v7.safetensors}, in lower case. */
  static String stem(Path file) {
    String name = lowerCase(file);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** How many words two names have in common from their beginning: 1 for anna-v7 and anna-small. */
  static int commonWords(String a, String b) {
    String[] left = BETWEEN_WORDS.split(a, -1);
    String[] right = BETWEEN_WORDS.split(b, -1);
    int common = 0;
    while (common < Math.min(left.length, right.length)
        && !left[common].isEmpty()
        && left[common].equals(right[common])) {
      common++;
    }
    return common;
  }

  private static String lowerCase(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
  }
}
