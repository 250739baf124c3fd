package rwkv.engine.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.backend.Kernels;

/**
 * Holds a backend against the scalar reference on the list of kernel cases: a line for every kernel
 * and type of weights.
 */
final class KernelParity {

  /** What the cases of one kind gave. */
  private static final class Tally {
    final Difference difference = new Difference();
    int cases;
    int guards;
    double tolerance;
    String problem = "";

    Row row(String kind) {
      String expected =
          String.format(Locale.ROOT, "within %.0e (1 + abs(x)), rows behind it intact", tolerance);
      if (tolerance == 0) {
        expected = "the same numbers, rows behind it intact";
      }
      StringBuilder found = new StringBuilder();
      found.append(
          String.format(
              Locale.ROOT,
              "%d cases, %,d numbers, NMSE %.1e, largest error %.1e",
              cases,
              difference.numbers(),
              difference.nmse(),
              difference.largest()));
      boolean right = difference.within() && guards == 0 && problem.isEmpty();
      if (!difference.within()) {
        found.append("; ").append(difference.where());
      }
      if (guards > 0) {
        found.append("; ").append(guards).append(" numbers written behind an output");
      }
      if (!problem.isEmpty()) {
        found.append("; ").append(problem);
      }
      return Row.judged("kernel " + kind, expected, found.toString(), right);
    }
  }

  private final long seed;
  private final Map<String, Tally> kinds = new LinkedHashMap<>();

  private KernelParity(long seed) {
    this.seed = seed;
  }

  /**
   * Runs all cases.
   *
   * @param seed of their random input
   */
  static void run(Backend backend, int threads, long seed, Consumer<Row> rows) {
    KernelParity parity = new KernelParity(seed);
    try (Kernels expected = Backends.installed().choose("reference").open(1);
        Kernels actual = backend.open(threads)) {
      for (KernelCase c : KernelCase.all()) {
        parity.compare(c, expected, actual);
      }
    }
    parity.kinds.forEach((kind, tally) -> rows.accept(tally.row(kind)));
  }

  private void compare(KernelCase c, Kernels expected, Kernels actual) {
    Tally tally = kinds.computeIfAbsent(c.kind(), _ -> new Tally());
    tally.cases++;
    double tolerance = c.tolerance(actual);
    tally.tolerance = Math.max(tally.tolerance, tolerance);
    try {
      List<Buffer> wanted = c.body().run(new KernelCase.Input(expected, new Random(seed)));
      List<Buffer> got = c.body().run(new KernelCase.Input(actual, new Random(seed)));
      for (int i = 0; i < wanted.size(); i++) {
        float[] numbers = wanted.get(i).toArray();
        float[] found = got.get(i).toArray();
        tally.difference.add(c.name(), numbers, found, tolerance, tolerance);
        tally.guards += KernelCase.guardsBroken(got.get(i));
      }
    } catch (RuntimeException e) {
      if (e instanceof DeviceException lost && lost.isLost()) {
        throw e;
      }
      tally.problem = c.name() + ": " + e;
    }
  }
}
