package rwkv.engine.train.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.Seeds;

/** Answers found by other ways than those they were made by. */
class AnswersTest {

  private static Task make(String name, Map<String, Object> given, int time) {
    return Tasks.named(name).make(given, new Sizes(4, time, Seeds.random(name).nextLong()));
  }

  /** What a person would see. */
  private static String text(Task task, int... tokens) {
    return task.vocabulary().decode(tokens);
  }

  @Test
  void parityIsThatOfTheOnesCounted() {
    Task task = make("parity", Map.of("tested", List.of(3, 50), "held_out", 10, "ones", 0.3), 20);
    for (Example example : task.heldOut()) {
      String bits = text(task, example.tokens());
      for (int at = 0; at < bits.length(); at++) {
        long ones = bits.substring(0, at + 1).chars().filter(c -> c == '1').count();
        String said = ones % 2 == 0 ? " even" : " odd";
        assertEquals(said, text(task, example.targets()[at]));
      }
      assertEquals(List.of("length 3"), example.answers().getFirst().groups());
      assertEquals(49, example.answers().getLast().from());
    }
    Batch batch = task.batch(3);
    long ones = 0;
    for (int at = 0; at < batch.time(); at++) {
      ones += text(task, batch.tokens()[at]).equals("1") ? 1 : 0;
      assertEquals(ones % 2 == 0 ? " even" : " odd", text(task, batch.targets()[at]));
    }
  }

  /** The product of the matrices of all moves, from the last to the first, times the beginning. */
  @ParameterizedTest
  @CsvSource({"2,all", "3,all", "3,swaps", "5,all", "5,swaps"})
  void permutationsAreProductsOfMatrices(int things, String moves) {
    Map<String, Object> given =
        Map.of("things", things, "moves", moves, "tested", List.of(1, 12), "held_out", 5);
    Task task = make("permutations", given, 12);
    Batch batch = task.batch(0);
    int[][] product = new int[things][things];
    for (int i = 0; i < things; i++) {
      product[i][i] = 1;
    }
    for (int at = 0; at < batch.time(); at++) {
      String move = text(task, batch.tokens()[at]);
      int changed = 0;
      int[][] matrix = new int[things][things];
      for (int i = 0; i < things; i++) {
        int from = move.charAt(1 + i) - 'a';
        matrix[i][from] = 1;
        changed += from == i ? 0 : 1;
      }
      assertTrue(moves.equals("all") || changed == 2, move);
      product = times(matrix, product);
      StringBuilder order = new StringBuilder("=");
      for (int[] row : product) {
        for (int j = 0; j < things; j++) {
          order.append(row[j] == 1 ? String.valueOf((char) ('a' + j)) : "");
        }
      }
      assertEquals(order.toString(), text(task, batch.targets()[at]));
    }
  }

  private static int[][] times(int[][] a, int[][] b) {
    int[][] product = new int[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        for (int k = 0; k < a.length; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  @Test
  void copiesAreWhatStoodBeforeTheBar() {
    Task task = make("copying", Map.of("tested", List.of(1, 7), "held_out", 20), 40);
    for (Example example : task.heldOut()) {
      String[] halves = text(task, example.tokens()).split("\\|");
      Example.Answer answer = example.answers().getFirst();
      int[] said = Arrays.copyOfRange(example.targets(), answer.from(), answer.to());
      assertEquals(halves[0], text(task, said));
      assertEquals(halves[0], halves[1]);
      assertEquals(Vocabulary.END, example.targets()[example.targets().length - 1]);
      assertEquals(List.of("length " + halves[0].length()), answer.groups());
    }
  }

  @Test
  void recallSaysTheValueOfTheKeyAtTheDistanceAskedFor() {
    Task task =
        make(
            "recall",
            Map.of("pairs", 6, "asked", 3, "nearest", 12, "tested", List.of(12, 33, 200)),
            128);
    for (Example example : task.heldOut()) {
      Map<String, String> values = new HashMap<>();
      Map<String, Integer> places = new HashMap<>();
      int answers = 0;
      for (int at = 0; at < example.tokens().length; at++) {
        String key = text(task, example.tokens()[at]);
        if (!key.matches("[a-z]{2}")) {
          continue;
        }
        if (values.containsKey(key)) {
          assertEquals(values.get(key), text(task, example.targets()[at]));
          String group = example.answers().get(answers++).groups().getFirst();
          int wanted = Integer.parseInt(group.replaceAll("\\D", ""));
          assertEquals(wanted / 2 * 2, at - places.get(key));
        } else {
          assertEquals(Batch.NOT_SCORED, example.targets()[at]);
          values.put(key, text(task, example.tokens()[at + 1]));
          places.put(key, at);
        }
      }
      assertEquals(6, values.size());
      assertEquals(3, answers);
    }
  }

  @Test
  void boxesHoldTheLetterPutThereLast() {
    Task task = make("classroom", Map.of("boxes", 3, "letters", 5, "held_out", 10), 60);
    for (Example example : task.heldOut()) {
      Deque<Integer> rest = new ArrayDeque<>(Arrays.stream(example.tokens()).boxed().toList());
      char[] boxes = new char[4];
      int at = 0;
      int answers = 0;
      while (!rest.isEmpty()) {
        String first = text(task, rest.removeFirst());
        boolean question = first.equals("?");
        int box = Integer.parseInt(question ? text(task, rest.removeFirst()) : first);
        at += question ? 2 : 1;
        char letter = text(task, rest.removeFirst()).charAt(0);
        if (question) {
          assertEquals(boxes[box], letter);
          assertEquals(String.valueOf(letter), text(task, example.targets()[at - 1]));
          assertEquals(at - 1, example.answers().get(answers++).from());
        }
        boxes[box] = letter;
        at++;
      }
      assertEquals(example.answers().size(), answers);
    }
  }
}
