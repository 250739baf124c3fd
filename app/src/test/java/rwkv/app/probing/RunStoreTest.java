package rwkv.app.probing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.plugin.ProbeResult;
import tech.tablesaw.api.Table;

/** What is kept is what was there, to the bit. */
class RunStoreTest {

  @TempDir Path folder;

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    RunStore store = new RunStore(folder.resolve("runs"));
    ProbeRun run = TestRuns.of("recall-1");
    store.save(run);
    ProbeRun read = store.load("recall-1");
    assertEquals(run.with(ProbeResult.EMPTY), read.with(ProbeResult.EMPTY));
    assertEquals(run.result().charts(), read.result().charts());
    assertEquals(run.result().figures(), read.result().figures());
    assertEquals(run.result().verdict(), read.result().verdict());
    assertEquals(
        run.result().tables().stream().map(Table::name).toList(),
        read.result().tables().stream().map(Table::name).toList());
    for (Table table : run.result().tables()) {
      Table other = read.result().table(table.name());
      assertEquals(table.columnNames(), other.columnNames());
      for (int c = 0; c < table.columnCount(); c++) {
        assertEquals(table.column(c).asList(), other.column(c).asList());
        assertEquals(table.column(c).type(), other.column(c).type());
      }
    }
    assertTrue(RunComparison.of(run, read).isSame());
  }

  @Test
  void aDamagedRunIsNamedAndTheOthersAreListed() throws IOException {
    RunStore store = new RunStore(folder);
    store.save(TestRuns.of("good"));
    store.save(TestRuns.of("torn"));
    Path torn = store.place("torn").resolve(RunFolder.RUN);
    Files.writeString(torn, Files.readString(torn).substring(0, 200));
    Files.createDirectory(folder.resolve("empty"));
    Files.createDirectory(folder.resolve(".half.tmp"));
    RunStore.Listing listing = store.list();
    assertEquals(List.of("good"), listing.runs().stream().map(ProbeRun::id).toList());
    assertEquals(2, listing.problems().size(), listing.problems()::toString);
    assertTrue(listing.problems().getFirst().contains("empty"), listing.problems()::toString);
    assertTrue(listing.problems().getLast().contains("torn"), listing.problems()::toString);
  }

  @Test
  void whatDoesNotFitIsRefusedInASentence() throws IOException {
    refused("\"format\" : 1", "\"format\" : 2", "format is 2");
    refused("\"rows\" : 5", "\"rows\" : 6", "has 5 rows, expected 6");
    refused("\"file\" : \"recall.csv\"", "\"file\" : \"../recall.csv\"", "no name of a table");
    refused("\"file\" : \"recall.csv\"", "\"file\" : \"one.csv\"", "columns");
    refused("\"kind\" : \"bars\"", "\"kind\" : \"pie\"", "kind of chart");
    refused("\"column\" : \"x\"", "\"column\" : \"y\"", "columns that table recall");
    refused("\"state\" : \"cancelled\"", "\"state\" : \"running\"", "not running");
    refused("\"layers\" : 2", "\"layers\" : \"two\"", "field layers is of another kind");
    refused("\"sha256\"", "\"sha512\"", "field sha256 is missing");
    refused("\"started\" : \"2026", "\"started\" : \"then", "then");
    refused("\"rosa_bits\" : 0", "\"rosa_bits\" : 3", "ROSA");
  }

  private void refused(String text, String other, String expected) throws IOException {
    RunStore store = new RunStore(folder);
    store.save(TestRuns.of("damaged"));
    Path file = store.place("damaged").resolve(RunFolder.RUN);
    String json = Files.readString(file);
    assertTrue(json.contains(text), () -> text + " in " + json);
    Files.writeString(file, json.replace(text, other));
    IOException refusal = assertThrows(IOException.class, () -> store.load("damaged"));
    assertTrue(refusal.getMessage().contains(expected), refusal::getMessage);
  }

  @Test
  void aTableThatWasChangedIsRefusedInASentence() throws IOException {
    RunStore store = new RunStore(folder);
    store.save(TestRuns.of("damaged"));
    Path table = store.place("damaged").resolve("recall.csv");
    String csv = Files.readString(table);
    for (String bad :
        List.of(
            csv.replace("3.14", "three"),
            csv.replace("plain,1", "plain"),
            csv + "\"never closed",
            csv.replace("plain", "\"plain\"er"))) {
      Files.writeString(table, bad);
      IOException refusal = assertThrows(IOException.class, () -> store.load("damaged"));
      assertTrue(refusal.getMessage().contains("recall.csv"), refusal::getMessage);
    }
    Files.delete(table);
    assertThrows(IOException.class, () -> store.load("damaged"));
  }

  @Test
  void aRunThatIsSavedAgainOrDeletedLeavesNothingBehind() throws IOException {
    RunStore store = new RunStore(folder);
    store.save(TestRuns.of("one"));
    store.save(TestRuns.of("one"));
    assertEquals(1, store.list().runs().size());
    store.delete("one");
    store.delete("one");
    try (Stream<Path> left = Files.list(folder)) {
      assertFalse(left.findAny().isPresent());
    }
    assertThrows(IllegalArgumentException.class, () -> store.delete("../one"));
  }

  @Test
  void oneBitIsADifferenceAndItIsSaidWhere() {
    ProbeRun run = TestRuns.of("one");
    Table table = run.result().table("recall").copy();
    table.doubleColumn("x").set(0, Math.nextUp(Math.PI));
    List<Table> tables =
        run.result().tables().stream()
            .map(each -> each.name().equals("recall") ? table : each)
            .toList();
    ProbeResult result = new ProbeResult(tables, run.result().charts(), run.result().figures(), "");
    RunComparison comparison = RunComparison.of(run, run.with(result));
    assertFalse(comparison.isSame());
    String said = String.join(" ", comparison.differences());
    assertTrue(said.contains("1 of 16 cells"), said);
    assertTrue(said.contains("row 1 of x in table recall, by 4.44"), said);
  }
}
