package rwkv.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

class CsvTest {

  @Test
  void saysWhatItIsBeforeTheNumbers() {
    Table table =
        Table.create(
            IntColumn.create("head", new int[] {0, 1}),
            DoubleColumn.create("value", 0.5, -1.25e-9));
    assertEquals(
        "# state of stories-v7\n# token 3\nhead,value\n0,0.5\n1,-1.25E-9\n",
        Csv.text(table, "state of stories-v7\ntoken 3"));
  }
}
