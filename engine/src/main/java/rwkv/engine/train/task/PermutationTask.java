package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import rwkv.engine.setting.Choices;
import rwkv.engine.setting.Setting;

/**
 * {@code permutations}: things in a row are rearranged again and again; after every rearrangement,
 * how they lie. {@code (bac)} swaps the first two; after {@code (bac)(acb)} they lie {@code =bca}.
 * The answer is never read.
 */
final class PermutationTask implements Task {

  static final TaskKind KIND =
      new TaskKind(
          "permutations",
          "rearrangements of things in a row: after each, how they lie, as in (bac)(acb) =bca; the"
              + " window is the length learnt from",
          List.of(
              Setting.whole("things", 3, 2, 5, "things in a row"),
              Setting.text(
                  "moves",
                  "all",
                  List.of("all", "swaps"),
                  "every rearrangement, or swaps of two neighbours alone"),
              Setting.wholes(
                  "tested",
                  List.of(2, 4, 8, 16, 32, 64, 128),
                  1,
                  100_000,
                  "lengths after which held-out examples are asked"),
              Setting.whole("held_out", 200, 1, 100_000, "held-out examples")),
          PermutationTask::new);

  private final Choices choices;
  private final Sizes sizes;
  private final Rows rows;

  /** All orders of the things, as in {@code bca}; the first is that at the beginning. */
  private final List<String> orders;

  /** Those of them that a move can be. */
  private final List<String> moves;

  private final Vocabulary vocabulary;

  private PermutationTask(Choices choices, Sizes sizes, Texts texts) {
    this.choices = choices;
    this.sizes = sizes;
    this.rows = new Rows(KIND.name(), sizes);
    this.orders = orders("", "abcde".substring(0, choices.whole("things")));
    this.moves =
        choices.text("moves").equals("all")
            ? orders
            : orders.stream().filter(order -> isSwap(order, orders.getFirst())).toList();
    this.vocabulary =
        Vocabulary.of(
            Stream.concat(
                    orders.stream().map(PermutationTask::move),
                    orders.stream().map(PermutationTask::answer))
                .toList());
  }

  private static String move(String order) {
    return "(" + order + ")";
  }

  private static String answer(String order) {
    return "=" + order;
  }

  /** What begins so and goes on with the rest in any order, in alphabetical order. */
  private static List<String> orders(String begin, String rest) {
    if (rest.isEmpty()) {
      return List.of(begin);
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; i < rest.length(); i++) {
      all.addAll(orders(begin + rest.charAt(i), rest.substring(0, i) + rest.substring(i + 1)));
    }
    return all;
  }

  /** Whether two neighbours change places, and nothing else. */
  private static boolean isSwap(String order, String start) {
    int first = 0;
    while (first < order.length() && order.charAt(first) == start.charAt(first)) {
      first++;
    }
    return first + 1 < order.length()
        && order.charAt(first) == start.charAt(first + 1)
        && order.charAt(first + 1) == start.charAt(first)
        && order.substring(first + 2).equals(start.substring(first + 2));
  }

  /**
   * How things lie after a move: where the move has a letter lies what lay at that letter's place.
   */
  private static String after(String order, String move) {
    StringBuilder next = new StringBuilder();
    for (int i = 0; i < move.length(); i++) {
      next.append(order.charAt(move.charAt(i) - 'a'));
    }
    return next.toString();
  }

  @Override
  public String name() {
    return KIND.name();
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Batch batch(long step) {
    return rows.batch(step, random -> example(random, sizes.time(), List.of()));
  }

  @Override
  public List<Example> heldOut() {
    List<Integer> tested = choices.wholes("tested");
    int longest = tested.stream().mapToInt(Integer::intValue).max().orElseThrow();
    return rows.heldOut("", choices.whole("held_out"), random -> example(random, longest, tested));
  }

  private Example example(RandomGenerator random, int length, List<Integer> asked) {
    Row row = new Row();
    String order = orders.getFirst();
    for (int i = 1; i <= length; i++) {
      String move = Draws.one(random, moves);
      order = after(order, move);
      row.add(vocabulary.find(move(move)), vocabulary.find(answer(order)));
      if (asked.contains(i)) {
        row.answer("length " + i);
      }
    }
    return row.example();
  }
}
