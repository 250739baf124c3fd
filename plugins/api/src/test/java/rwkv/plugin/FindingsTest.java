package rwkv.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import rwkv.plugin.Chart.Axis;
import rwkv.plugin.Chart.Colors;
import tech.tablesaw.api.Table;

class FindingsTest {

  private final AtomicInteger changes = new AtomicInteger();
  private final Findings findings = new Findings(changes::incrementAndGet);

  private Rows recall() {
    return findings.table(
        "recall",
        TableColumn.text("task"),
        TableColumn.whole("length"),
        TableColumn.real("accuracy"));
  }

  @Test
  void rowsCanBeSeenWhileMoreAreAdded() {
    Rows rows = recall();
    rows.add("near", 10, 0.5);
    ProbeResult before = findings.result("");
    rows.add("far", 1_000_000_000_000L, 1);
    Table after = findings.result("Far is easier.").table("recall");
    assertEquals(1, before.table("recall").rowCount());
    assertEquals(List.of("near", "far"), after.stringColumn("task").asList());
    assertEquals(1_000_000_000_000L, after.longColumn("length").getLong(1));
    assertEquals(1.0, after.doubleColumn("accuracy").getDouble(1));
  }

  @Test
  void cellsMayBeMissing() {
    recall().add(null, null, null);
    Table table = findings.result("").table("recall");
    for (int c = 0; c < 3; c++) {
      assertTrue(table.column(c).isMissing(0), "column " + c);
    }
  }

  @Test
  void aRowThatDoesNotFitIsRefusedWhole() {
    Rows rows = recall();
    for (Object[] row :
        new Object[][] {{"a", 1}, {"a", 1, 0.5, 2}, {1, 1, 0.5}, {"a", 1.5, 0.5}, {"a", 1, "b"}}) {
      assertThrows(IllegalArgumentException.class, () -> rows.add(row));
    }
    assertEquals(0, findings.result("").table("recall").rowCount());
    for (var column : findings.result("").table("recall").columns()) {
      assertEquals(0, column.size());
    }
  }

  @Test
  void noTwoTablesHaveOneName() {
    recall();
    String message = assertThrows(IllegalArgumentException.class, this::recall).getMessage();
    assertEquals("there is a table recall already", message);
    assertThrows(
        IllegalArgumentException.class,
        () -> findings.table("twice", TableColumn.real("x"), TableColumn.whole("x")));
  }

  @Test
  void aChartNeedsItsTableAndItsColumns() {
    recall();
    Axis length = Axis.log("length");
    Axis accuracy = Axis.of("accuracy");
    findings.chart(new Chart.Lines("Recall", "recall", length, accuracy, "task"));
    for (Chart wrong :
        List.of(
            new Chart.Lines("a", "other", length, accuracy, null),
            new Chart.Points("b", "recall", Axis.of("depth"), accuracy, null),
            new Chart.Bars("c", "recall", length, accuracy, "depth"),
            new Chart.HeatMap(
                "d", "recall", length, accuracy, Axis.of("depth"), Colors.SEQUENTIAL))) {
      assertThrows(IllegalArgumentException.class, () -> findings.chart(wrong));
    }
    assertEquals(1, findings.result("").charts().size());
  }

  @Test
  void aChartOfTheSameTitleAndAFigureOfTheSameNameAreReplaced() {
    recall();
    Axis length = Axis.of("length");
    findings.chart(new Chart.Points("Recall", "recall", length, Axis.of("accuracy"), null));
    Chart last = new Chart.Lines("Recall", "recall", length, Axis.of("accuracy"), null);
    findings.chart(last);
    findings.figure("accuracy", 0.25);
    findings.figure("accuracy", 0.75);
    assertEquals(List.of(last), findings.result("").charts());
    assertEquals(Map.of("accuracy", 0.75), findings.result("").figures());
  }

  @Test
  void everyChangeIsTold() {
    Rows rows = recall();
    rows.add("near", 1, 1);
    findings.figure("accuracy", 1);
    assertEquals(3, changes.get());
  }

  @Test
  void aResultIsACopy() {
    Rows rows = recall();
    rows.add("near", 1, 1);
    findings.result("").table("recall").clear();
    assertEquals(1, findings.result("").table("recall").rowCount());
    assertThrows(
        IllegalArgumentException.class, () -> findings.result("").table("nothing of the kind"));
  }
}
