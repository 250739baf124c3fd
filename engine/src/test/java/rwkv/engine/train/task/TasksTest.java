package rwkv.engine.train.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Seeds;
import rwkv.engine.setting.Setting;

/** What is true of every task. */
class TasksTest {

  private static final Texts SOME_TEXT =
      (_, _) -> {
        Vocabulary bytes = Vocabulary.ofBytesAnd(List.of());
        String text = String.join(" ", IntStream.range(0, 4000).mapToObj(String::valueOf).toList());
        return new Texts.Text(bytes.encode(text), bytes);
      };

  static Stream<TaskKind> kinds() {
    return Tasks.all().stream();
  }

  private static Map<String, Object> few(TaskKind kind) {
    return switch (kind.name()) {
      case "text" -> Map.of("file", "some.txt");
      case "recall" -> Map.of("held_out", 10);
      default -> Map.of("held_out", 20);
    };
  }

  private static Task make(TaskKind kind, long seed) {
    return kind.make(kind.choose(few(kind)), new Sizes(4, 128, seed), SOME_TEXT);
  }

  private static int[] row(Batch batch, int row) {
    int from = row * batch.time();
    int[] tokens = Arrays.copyOfRange(batch.tokens(), from, from + batch.time());
    int[] targets = Arrays.copyOfRange(batch.targets(), from, from + batch.time());
    int last = batch.time();
    while (last > 0 && targets[last - 1] == Batch.NOT_SCORED && tokens[last - 1] == 0) {
      last--;
    }
    return Arrays.copyOf(tokens, last);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theSameSeedAndStepGiveTheSameBatch(TaskKind kind) {
    long seed = Seeds.random("task").nextLong();
    Task one = make(kind, seed);
    Task other = make(kind, seed);
    one.batch(0);
    for (long step : new long[] {7, 3, 123_456_789_012L}) {
      Batch a = one.batch(step);
      Batch b = other.batch(step);
      assertArrayEquals(a.tokens(), b.tokens());
      assertArrayEquals(a.targets(), b.targets());
      assertEquals(a.carried(), b.carried());
    }
    assertFalse(Arrays.equals(one.batch(3).tokens(), one.batch(4).tokens()));
    int[] otherSeed = make(kind, seed + 1).batch(3).tokens();
    assertFalse(Arrays.equals(one.batch(3).tokens(), otherSeed));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tokensAndTargetsAreInTheVocabularyAndSomethingCounts(TaskKind kind) {
    Task task = make(kind, Seeds.random("task").nextLong());
    int size = task.vocabulary().size();
    for (int step = 0; step < 20; step++) {
      Batch batch = task.batch(step);
      assertTrue(batch.sequences() * batch.time() <= 4 * 128);
      assertTrue(Arrays.stream(batch.tokens()).allMatch(token -> token >= 0 && token < size));
      assertTrue(Arrays.stream(batch.targets()).allMatch(token -> token >= -1 && token < size));
      assertTrue(Arrays.stream(batch.targets()).anyMatch(token -> token >= 0));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsHeldOutIsNeverLearntFrom(TaskKind kind) {
    Task task = make(kind, Seeds.random("task").nextLong());
    Set<List<Integer>> heldOut = new HashSet<>();
    for (Example example : task.heldOut()) {
      heldOut.add(Arrays.stream(example.tokens()).boxed().toList());
      assertFalse(example.answers().isEmpty());
    }
    for (int step = 0; step < 300; step++) {
      Batch batch = task.batch(step);
      for (int row = 0; row < batch.sequences(); row++) {
        assertFalse(heldOut.contains(Arrays.stream(row(batch, row)).boxed().toList()));
      }
    }
  }

  @Test
  void evenWithFewDifferentSequencesNoneIsInBoth() {
    Task task =
        Tasks.named("copying")
            .make(
                Map.of("letters", 2, "longest", 6, "tested", List.of(6), "held_out", 30),
                new Sizes(64, 13, Seeds.random("copying").nextLong()));
    Set<List<Integer>> heldOut = new HashSet<>();
    task.heldOut().forEach(e -> heldOut.add(Arrays.stream(e.tokens()).boxed().toList()));
    Set<List<Integer>> learnt = new HashSet<>();
    for (int step = 0; step < 100; step++) {
      Batch batch = task.batch(step);
      for (int r = 0; r < batch.sequences(); r++) {
        learnt.add(Arrays.stream(row(batch, r)).boxed().toList());
      }
    }
    assertTrue(learnt.size() > 90, () -> "of 126 came " + learnt.size());
    assertTrue(learnt.stream().noneMatch(heldOut::contains));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void heldOutExamplesAreTheSameEachTime(TaskKind kind) {
    Task task = make(kind, Seeds.random("task").nextLong());
    List<Example> first = task.heldOut();
    List<Example> second = task.heldOut();
    assertEquals(first.size(), second.size());
    for (int i = 0; i < first.size(); i++) {
      assertArrayEquals(first.get(i).tokens(), second.get(i).tokens());
      assertEquals(first.get(i).answers(), second.get(i).answers());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everySettingHasARangeThatIsKept(TaskKind kind) {
    for (Setting setting : kind.settings()) {
      assertEquals(setting.standard(), setting.checked(kind.name(), setting.standard()));
      refuses(kind, setting, Map.of());
      switch (setting.standard()) {
        case Integer _ -> {
          assertEquals((int) setting.least(), setting.checked(kind.name(), setting.least()));
          assertEquals((int) setting.most(), setting.checked(kind.name(), setting.most()));
          refuses(kind, setting, setting.least() - 1);
          refuses(kind, setting, setting.most() + 1);
          refuses(kind, setting, setting.least() + 0.5);
          refuses(kind, setting, "4");
        }
        case Double _ -> {
          refuses(kind, setting, setting.least() - 1e-3);
          refuses(kind, setting, setting.most() + 1e-3);
          refuses(kind, setting, Double.NaN);
          refuses(kind, setting, "x");
        }
        case List<?> _ -> {
          refuses(kind, setting, List.of());
          refuses(kind, setting, List.of((int) setting.least() - 1));
          refuses(kind, setting, List.of((int) setting.most() + 1));
          refuses(kind, setting, List.of("x"));
          refuses(kind, setting, 4);
        }
        default -> {
          refuses(kind, setting, 4);
          if (!setting.choices().isEmpty()) {
            refuses(kind, setting, "nothing of the kind");
          }
        }
      }
    }
  }

  private static void refuses(TaskKind kind, Setting setting, Object value) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> kind.choose(Map.of(setting.name(), value)),
            () -> setting.name() + " = " + value);
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith(setting.name() + " of task " + kind.name() + " is "), message);
    assertTrue(message.contains(", expected "), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "copying|shortest=9,longest=3|shortest of task copying is 9, longest 3",
        "copying|longest=16|needs a window of 33 tokens",
        "recall|pairs=5,keys=4|pairs of task recall is 5, more than keys, 4",
        "recall|asked=5|asked of task recall is 5, more than pairs, 4",
        "recall|nearest=6|nearest of task recall is 6, expected at least 8",
        "recall|nearest=20,farthest=10|nearest of task recall is 20, more than farthest, 10",
        "recall|farthest=20|needs a window of 36 tokens",
        "stories|colored=1|needs a window of at least 128 tokens",
        "parity|bits=3|task parity has no setting 'bits'; it has ones, tested, held_out"
      })
  void whatDoesNotGoTogetherIsRefused(String name, String given, String reason) {
    Map<String, Object> settings = new HashMap<>();
    for (String each : given.split(",")) {
      settings.put(each.split("=")[0], Integer.parseInt(each.split("=")[1]));
    }
    Sizes sizes = new Sizes(2, 32, 1);
    TaskKind kind = Tasks.named(name);
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> kind.make(settings, sizes))
                .getMessage());
    assertTrue(message.contains(reason), message);
  }

  @Test
  void whatCannotBeHeldOutIsRefused() {
    Task task =
        Tasks.named("permutations")
            .make(Map.of("things", 2, "moves", "swaps", "tested", List.of(1)), new Sizes(2, 4, 1));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> {
                  task.batch(0);
                  task.heldOut();
                })
            .getMessage()
            .contains("too few different sequences"));
    assertThrows(IllegalArgumentException.class, () -> Tasks.named("chess"));
    assertThrows(IllegalArgumentException.class, () -> new Sizes(0, 4, 1));
    assertThrows(IllegalArgumentException.class, () -> new Sizes(4, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Sizes(60_000, 1 << 20, 1));
  }

  @Test
  void windowsOfTextComeOnceEachAndStreamsGoOn() {
    TaskKind kind = Tasks.named("text");
    Sizes sizes = new Sizes(3, 50, 5);
    Task shuffled = kind.make(kind.choose(Map.of("file", "x")), sizes, SOME_TEXT);
    Set<List<Integer>> seen = new HashSet<>();
    for (int step = 0; step < 100; step++) {
      Batch batch = shuffled.batch(step);
      for (int r = 0; r < 3; r++) {
        assertTrue(seen.add(Arrays.stream(row(batch, r)).boxed().toList()), "a window came twice");
      }
    }
    Task streams =
        kind.make(kind.choose(Map.of("file", "x", "order", "streams")), sizes, SOME_TEXT);
    assertFalse(streams.batch(0).carried());
    for (int step = 1; step < 20; step++) {
      Batch before = streams.batch(step - 1);
      Batch now = streams.batch(step);
      assertTrue(now.carried());
      for (int r = 0; r < 3; r++) {
        assertEquals(before.targets()[r * 50 + 49], now.tokens()[r * 50]);
      }
    }
    assertNotEquals(
        streams.vocabulary().decode(streams.heldOut().getFirst().tokens()),
        streams.vocabulary().decode(row(streams.batch(0), 0)));
  }
}
