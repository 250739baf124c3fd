package rwkv.app.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import rwkv.app.theme.Sizes;
import rwkv.engine.bench.Machine;
import rwkv.engine.bench.TrainingBench;
import rwkv.engine.model.Version;
import rwkv.engine.train.ModelPlan;

/** What {@code rwkv bench --training} measures: how fast small models learn here. */
final class BenchTraining {

  private static final List<Version> VERSIONS =
      List.of(Version.V4, Version.V5_2, Version.V6, Version.V7);
  private static final int VOCABULARY = 512;
  private static final int SEQUENCES = 8;
  private static final int TIME = 192;

  private BenchTraining() {}

  /** All that was measured, as JSON has it. */
  record Report(Machine machine, String backend, int threads, List<Row> rows) {}

  /**
   * A version and a size.
   *
   * @param gigamacsPerSecond multiply-adds of matrix products in a second, in 10⁹
   * @param stepSeconds each
   */
  record Row(
      String version,
      int layers,
      int channels,
      int sequences,
      int time,
      double tokensPerSecond,
      double gigamacsPerSecond,
      long activationBytes,
      List<Double> stepSeconds) {
    static Row of(TrainingBench bench) {
      ModelPlan plan = bench.plan();
      return new Row(
          ModelPlan.number(plan.version()),
          plan.layers(),
          plan.channels(),
          bench.sequences(),
          bench.time(),
          bench.tokensPerSecond(),
          bench.macs() / bench.seconds().median() / 1e9,
          bench.activationBytes(),
          bench.seconds().values());
    }
  }

  static Report measure(ComputeOptions compute, double warmUp, int repeats) {
    String backend = compute.backend();
    List<Row> rows = new ArrayList<>();
    for (int[] size : TrainingBench.SIZES) {
      for (Version version : VERSIONS) {
        ModelPlan plan =
            ModelPlan.of(version, size[0], size[1], size[2]).withVocabulary(VOCABULARY);
        rows.add(
            Row.of(
                TrainingBench.of(
                    plan, SEQUENCES, TIME, backend, compute.threads(), warmUp, repeats)));
      }
    }
    return new Report(Machine.current(), backend, compute.threads(), rows);
  }

  static void print(Report report, PrintStream out) {
    out.printf(
        "%s, %d threads of %s%n", report.machine.processor(), report.threads, report.backend);
    out.println("| RWKV | layers x channels | step | tok/s | Gmac/s | held for a step |");
    out.println("| --- | --- | --- | ---: | ---: | ---: |");
    for (Row row : report.rows) {
      out.printf(
          Locale.ROOT,
          "| %s | %d x %d | %d x %d | %,.0f | %.1f | %s |%n",
          row.version,
          row.layers,
          row.channels,
          row.sequences,
          row.time,
          row.tokensPerSecond,
          row.gigamacsPerSecond,
          Sizes.bytes(row.activationBytes));
    }
  }
}
