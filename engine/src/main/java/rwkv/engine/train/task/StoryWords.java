package rwkv.engine.train.task;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The words of the stories. */
final class StoryWords {

  static final List<String> MEN = List.of("Tom", "Sam", "Ben", "Paul");
  static final List<String> WOMEN = List.of("Anna", "Mary", "Lucy", "Nina");
  static final List<String> PEOPLE = Stream.concat(MEN.stream(), WOMEN.stream()).toList();
  static final List<String> PLACES =
      List.of("garden", "kitchen", "park", "barn", "library", "shop", "attic", "cellar");
  static final List<String> OBJECTS =
      List.of("ball", "book", "pear", "key", "lamp", "cup", "hat", "box");
  static final List<String> COLORS = List.of("red", "blue", "green", "yellow");
  static final List<String> GO = List.of("went", "ran", "came", "walked");
  static final List<String> TAKE = List.of("took", "picked up");
  static final List<String> DROP = List.of("dropped", "left", "put");
  static final List<String> MOODS = List.of("smiled", "laughed", "waited", "sang", "slept");
  static final List<String> FILLERS =
      List.of(
          "The sun was warm.",
          "The wind was cold.",
          "It was a long day.",
          "The birds sang.",
          "It was very quiet.",
          "The rain came.");

  static final Vocabulary VOCABULARY = vocabulary();

  private StoryWords() {}

  /** Words with a leading space; those that can open a story or a line also without it. */
  private static Vocabulary vocabulary() {
    List<String> openers =
        Stream.concat(
                PEOPLE.stream(),
                Stream.of("The", "There", "It", "He", "She", "Where", "Who", "What"))
            .toList();
    Set<String> spaced = new LinkedHashSet<>(openers);
    spaced.addAll(PLACES);
    spaced.addAll(OBJECTS);
    spaced.addAll(COLORS);
    COLORS.forEach(color -> spaced.add(capitalised(color)));
    spaced.addAll(List.of("In", "Nobody", "Nothing", "is", "was", "in", "the", "a", "has", "have"));
    spaced.addAll(List.of("does", "before", "color", "to", "gave", "up", "picked"));
    spaced.addAll(GO);
    spaced.add("took");
    spaced.addAll(DROP);
    spaced.addAll(MOODS);
    spaced.addAll(List.of("sun", "warm", "wind", "cold", "long", "day", "birds", "very", "quiet"));
    spaced.add("rain");
    return Vocabulary.ofBytesAnd(
        Stream.concat(openers.stream(), spaced.stream().map(word -> " " + word)).toList());
  }

  static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
