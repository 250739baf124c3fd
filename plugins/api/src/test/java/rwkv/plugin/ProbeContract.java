package rwkv.plugin;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.setting.Setting;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * What every probe must do. A test of a probe extends it and says how to make one, with parameters
 * for a run of a second at most; a plugin may use it too, from the test jar of the plugin API.
 */
public abstract class ProbeContract {

  private final long seed = TestSeed.random(getClass().getName()).nextLong();
  private Engine engine;

  /** The probe to test. */
  protected abstract Probe probe();

  /** Parameters for a short run; the standards where it gives none. */
  protected Map<String, ?> parameters() {
    return Map.of();
  }

  /** The model to ask; by default a small random RWKV-7. */
  protected Checkpoint model(long modelSeed) {
    return SmallModel.of(modelSeed);
  }

  /** The model's tokenizer. */
  protected Tokenizer tokenizer() {
    return new ByteTokens();
  }

  @BeforeEach
  void open() {
    engine = SmallModel.open(model(seed));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private TestRun run() {
    return TestRun.of(probe(), engine, tokenizer(), parameters(), seed);
  }

  @Test
  void saysWhatItIs() {
    Probe probe = probe();
    assertTrue(probe.id().matches("[a-z0-9]+(-[a-z0-9]+)*"), "id: " + probe.id());
    for (String words : List.of(probe.name(), probe.question(), probe.method())) {
      assertFalse(words.isBlank());
      assertEquals(words.strip(), words);
    }
    assertEquals(probe.id(), probe().id());
  }

  @Test
  void standardsOfParametersCanBeChosen() {
    Set<String> names = new HashSet<>();
    for (Setting setting : probe().parameters()) {
      assertTrue(setting.name().matches("[A-Za-z][A-Za-z0-9-]*"), "name: " + setting.name());
      assertTrue(names.add(setting.name()), "twice: " + setting.name());
      assertFalse(setting.meaning().isBlank(), setting.name() + " means nothing");
      Object standard = setting.standard();
      assertEquals(standard, assertDoesNotThrow(() -> setting.checked(probe().id(), standard)));
    }
  }

  @Test
  void saysInASentenceWhyAModelIsUnsuitable() {
    Optional<String> reason = probe().unsuitable(engine.spec());
    assertFalse(reason.isPresent(), () -> "the contract needs a model that suits it: " + reason);
  }

  @Test
  void theSameSeedGivesTheSame() {
    ProbeResult first = probe().run(run());
    assertSame(first, probe().run(run()));
  }

  @Test
  void runsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    ProbeResult alone = probe().run(run());
    Probe probe = probe();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<ProbeResult>> results = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        results.add(threads.submit(() -> probe.run(run())));
      }
      for (Future<ProbeResult> result : results) {
        assertSame(alone, result.get());
      }
    }
  }

  @Test
  void givesTablesWithRowsAndASentence() {
    ProbeResult result = probe().run(run());
    assertFalse(result.verdict().isBlank(), "no verdict");
    assertFalse(result.tables().isEmpty(), "no table");
    Set<String> names = new HashSet<>();
    for (Table table : result.tables()) {
      assertTrue(table.name().matches("[a-z0-9]+(-[a-z0-9]+)*"), "table: " + table.name());
      assertTrue(names.add(table.name()), "twice: " + table.name());
      assertTrue(table.rowCount() > 0, table.name() + " is empty");
    }
    result.figures().keySet().forEach(name -> assertFalse(name.isBlank()));
  }

  @Test
  void chartsAreOfColumnsThatExist() {
    ProbeResult result = probe().run(run());
    Set<String> titles = new HashSet<>();
    for (Chart chart : result.charts()) {
      assertTrue(titles.add(chart.title()), "twice: " + chart.title());
      Table table = result.table(chart.table());
      for (String column : chart.columns()) {
        assertTrue(table.containsColumn(column), chart.title() + " has no column " + column);
      }
    }
  }

  @Test
  void whatItGivesIsWhatCouldBeSeen() {
    TestRun run = run();
    ProbeResult result = probe().run(run);
    assertSame(result, run.findings().result(result.verdict()));
  }

  @Test
  void progressRisesFromZeroToOne() {
    List<Double> told = progress();
    assertFalse(told.isEmpty(), "told nothing");
    double last = 0;
    for (double done : told) {
      assertTrue(done >= last && done <= 1, () -> "progress: " + told);
      last = done;
    }
    assertEquals(1, last, () -> "progress ends at " + told.getLast());
  }

  private List<Double> progress() {
    List<Double> told = new ArrayList<>();
    probe().run(run().toldTo(told::add));
    return told;
  }

  @Test
  void endsWhenItIsCancelled() {
    int reports = progress().size();
    for (int cancelled : new int[] {1, (reports + 1) / 2, reports}) {
      Cancelling progress = new Cancelling(cancelled);
      TestRun run = run().toldTo(progress);
      assertThrows(CancellationException.class, () -> probe().run(run));
      assertEquals(cancelled, progress.asked, "it went on after it was cancelled");
      // What is there can still be shown.
      run.findings().result("");
    }
  }

  /** Cancels at one of its reports. */
  private static final class Cancelling implements Progress {
    private final int last;
    private int asked;

    Cancelling(int last) {
      this.last = last;
    }

    @Override
    public void at(double done) {
      asked++;
      if (asked >= last) {
        throw new CancellationException();
      }
    }
  }

  private static void assertSame(ProbeResult expected, ProbeResult found) {
    assertEquals(expected.verdict(), found.verdict());
    assertEquals(expected.figures(), found.figures());
    assertEquals(expected.charts(), found.charts());
    assertEquals(
        expected.tables().stream().map(Table::name).toList(),
        found.tables().stream().map(Table::name).toList());
    for (Table table : expected.tables()) {
      Table other = found.table(table.name());
      assertEquals(table.columnNames(), other.columnNames());
      for (Column<?> column : table.columns()) {
        assertEquals(
            column.asList(),
            other.column(column.name()).asList(),
            "column %s of %s".formatted(column.name(), table.name()));
      }
    }
  }
}
