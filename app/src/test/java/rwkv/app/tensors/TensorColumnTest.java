package rwkv.app.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.app.chart.Seeds;
import rwkv.engine.analysis.TensorStatistics;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class TensorColumnTest {

  private static TensorEntry entry(int index, String name, float... numbers) {
    Tensor tensor = Tensor.of(name, Shape.of(numbers.length), numbers);
    return TensorEntry.of(index, tensor).with(TensorStatistics.of(tensor));
  }

  private static List<String> sorted(
      TensorColumn column, boolean isAscending, TensorEntry... entries) {
    List<TensorEntry> mixed = new ArrayList<>(List.of(entries));
    Collections.shuffle(mixed, Seeds.random("order"));
    return mixed.stream().sorted(column.order(isAscending)).map(TensorEntry::name).toList();
  }

  @Test
  void namesAreOrderedWithNumbersAsNumbers() {
    TensorEntry ten = entry(0, "blocks.10.att.key", 1);
    TensorEntry nine = entry(1, "blocks.9.att.key", 1);
    TensorEntry nineFfn = entry(2, "blocks.9.ffn.key", 1);
    TensorEntry emb = entry(3, "emb.weight", 1);
    List<String> up =
        List.of("blocks.9.att.key", "blocks.9.ffn.key", "blocks.10.att.key", "emb.weight");
    assertEquals(up, sorted(TensorColumn.NAME, true, ten, nine, nineFfn, emb));
    assertEquals(up.reversed(), sorted(TensorColumn.NAME, false, ten, nine, nineFfn, emb));
  }

  @Test
  void naturalOrderIsAnOrder() {
    Random random = Seeds.random("natural order");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      StringBuilder name = new StringBuilder();
      for (int j = random.nextInt(6); j >= 0; j--) {
        name.append("a.0019".charAt(random.nextInt(6)));
      }
      names.add(name.toString());
    }
    NaturalOrder order = new NaturalOrder();
    for (String a : names) {
      for (String b : names) {
        assertEquals(Integer.signum(order.compare(a, b)), -Integer.signum(order.compare(b, a)));
        assertEquals(a.equals(b), order.compare(a, b) == 0);
        for (String c : names) {
          if (order.compare(a, b) <= 0 && order.compare(b, c) <= 0) {
            assertTrue(order.compare(a, c) <= 0, a + " " + b + " " + c);
          }
        }
      }
    }
  }

  @Test
  void shapesAreOrderedByHowManyNumbersThereAre() {
    TensorEntry small = TensorEntry.of(0, Tensor.of("small", Shape.of(9), new float[9]));
    TensorEntry large = TensorEntry.of(1, Tensor.of("large", Shape.of(2, 5), new float[10]));
    assertEquals(List.of("small", "large"), sorted(TensorColumn.SHAPE, true, large, small));
  }

  @Test
  void numbersAreOrderedAsNumbers() {
    TensorEntry a = entry(0, "a", -10, 2);
    TensorEntry b = entry(1, "b", -9, 10);
    assertEquals(List.of("a", "b"), sorted(TensorColumn.MIN, true, a, b));
    assertEquals(List.of("b", "a"), sorted(TensorColumn.MAX, false, a, b));
    assertEquals(List.of("a", "b"), sorted(TensorColumn.MEAN, true, a, b));
    assertEquals(List.of("b", "a"), sorted(TensorColumn.DEVIATION, false, a, b));
  }

  @Test
  void histogramsAreOrderedByTheirOutliers() {
    TensorEntry even = entry(0, "even", -1, 1, -1, 1);
    TensorEntry outlier = entry(1, "outlier", 0, 0, 0, 0, 0, 0, 9);
    assertEquals(List.of("outlier", "even"), sorted(TensorColumn.HISTOGRAM, false, even, outlier));
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorColumn.class,
      names = {"MIN", "MAX", "MEAN", "DEVIATION", "HISTOGRAM"})
  void whatIsNotKnownComesLastInEitherDirection(TensorColumn column) {
    TensorEntry unknown = TensorEntry.of(0, Tensor.of("unknown", Shape.of(1), 5));
    TensorEntry known = entry(1, "known", 1, 2);
    TensorEntry none = entry(2, "none", Float.NaN);
    for (boolean isAscending : new boolean[] {true, false}) {
      assertEquals("known", sorted(column, isAscending, unknown, known, none).getFirst());
    }
  }

  @Test
  void aNameCannotWriteMoreThanItsLine() {
    TensorEntry entry = entry(0, "a\nb\u001b[31m\u202e", 1);
    assertEquals("a\\u{a}b\\u{1b}[31m\\u{202e}", TensorColumn.NAME.text(entry));
  }

  @Test
  void theListIsShortAndTheCopyIsExact() {
    TensorEntry entry = entry(0, "t", 0.1f, 0.1f);
    assertEquals("0.100", TensorColumn.MAX.text(entry));
    assertEquals(Double.toString(0.1f), TensorColumn.MAX.exact(entry));
    assertEquals("8 B", TensorColumn.BYTES.text(entry));
    assertEquals("8", TensorColumn.BYTES.exact(entry));
  }
}
