package rwkv.probes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import rwkv.engine.train.task.Example;
import rwkv.engine.train.task.Task;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;

/**
 * Texts that end right before an answer.
 *
 * @param source what they are of, for a person
 * @param tokens of each
 * @param labels of each, from 0
 * @param names of the labels
 */
record LabelledTexts(String source, int[][] tokens, int[] labels, List<String> names) {

  private static final List<String> TASKS = List.of("stories", "classroom", "recall", "parity");
  private static final List<String> PEOPLE = List.of("Anna", "Tom", "Mary", "Ben");
  private static final List<String> PLACES =
      List.of("garden", "kitchen", "park", "barn", "library", "shop");

  /** Enough for every task to agree; batches are not used. */
  private static final int TIME = 1024;

  /** A text of these tokens, and the answer. */
  private record Labelled(int[] tokens, String label) {}

  static LabelledTexts of(ProbeContext context) {
    String wanted = context.parameters().text("task");
    int count = context.parameters().whole("texts");
    if (!wanted.equals(LinearProbe.SENTENCES)) {
      for (String name : wanted.equals(LinearProbe.AUTO) ? TASKS : List.of(wanted)) {
        Optional<Task> task = KnownTask.of(context, name, settings(name, count), TIME);
        if (task.isPresent()) {
          return of(name, answers(task.get(), name, count));
        }
      }
      if (!wanted.equals(LinearProbe.AUTO)) {
        throw new ProbeException("the model's tokens are not those of the task " + wanted);
      }
    }
    return of(LinearProbe.SENTENCES, sentences(context, count));
  }

  private static Map<String, Object> settings(String task, int count) {
    return switch (task) {
      case "stories" -> Map.of("held_out", 2 * count, "tested", List.of(128));
      case "recall" -> Map.of("held_out", count, "tested", List.of(16));
      case "parity" -> Map.of("held_out", count, "tested", List.of(8));
      default -> Map.of("held_out", count, "tested", List.of(16));
    };
  }

  /** The first answer of each example; of a story the first that says where a person is. */
  private static List<Labelled> answers(Task task, String name, int count) {
    List<Labelled> texts = new ArrayList<>();
    for (Example example : task.heldOut()) {
      example.answers().stream()
          .filter(a -> !name.equals("stories") || a.groups().contains("where_person"))
          .reduce((_, last) -> last)
          .filter(_ -> texts.size() < count)
          .ifPresent(answer ->
              texts.add(
                  new Labelled(
                      Arrays.copyOf(example.tokens(), answer.from() + 1),
                      task.vocabulary()
                          .decode(
                              Arrays.copyOfRange(example.targets(), answer.from(), answer.to())))));
    }
    return texts;
  }

  private static List<Labelled> sentences(ProbeContext context, int count) {
    RandomGenerator random = context.random("sentences");
    List<Labelled> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      List<String> places = new ArrayList<>();
      for (String person : PEOPLE) {
        places.add(PLACES.get(random.nextInt(PLACES.size())));
        text.append(person).append(" is in the ").append(places.getLast()).append(". ");
      }
      int asked = random.nextInt(PEOPLE.size());
      text.append("Where is ").append(PEOPLE.get(asked)).append("? In the");
      texts.add(new Labelled(ProbeText.encoded(context, text.toString()), places.get(asked)));
    }
    return texts;
  }

  private static LabelledTexts of(String source, List<Labelled> texts) {
    List<String> names = texts.stream().map(Labelled::label).distinct().sorted().toList();
    if (names.size() < 2) {
      throw new ProbeException(
          "the texts of %s have %d different answers, expected at least 2"
              .formatted(source, names.size()));
    }
    return new LabelledTexts(
        source,
        texts.stream().map(Labelled::tokens).toArray(int[][]::new),
        texts.stream().mapToInt(text -> names.indexOf(text.label)).toArray(),
        names);
  }
}
