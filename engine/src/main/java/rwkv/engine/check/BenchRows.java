package rwkv.engine.check;

import java.util.Locale;
import rwkv.engine.bench.DeviceFigure;
import rwkv.engine.bench.DeviceRoofs;

/** Figures of the benchmark as lines of the table. */
final class BenchRows {

  private BenchRows() {}

  static Row row(DeviceFigure figure) {
    return switch (figure) {
      case DeviceFigure.Left(String what, String why) ->
          Row.skipped("bench " + what, "a time beside its floor", why);
      case DeviceFigure.Bounds(String what, DeviceRoofs roofs) ->
          Row.noted(
              "bench " + what + ", bounds",
              "measured in this run",
              String.format(
                  Locale.ROOT,
                  "%,.1f GB/s over %,d MB; %,.2f Top/s in a product of %s, bf16",
                  roofs.bytesPerSecond() / 1e9,
                  roofs.copied() / 1_000_000,
                  roofs.operationsPerSecond() / 1e12,
                  roofs.product()));
      case DeviceFigure.Timed timed ->
          Row.measured(
              "bench " + timed.what(),
              String.format(
                  Locale.ROOT,
                  "floor %s (%,.1f MB, %,.2f Gop)",
                  time(timed.floor()),
                  timed.bytes() / 1e6,
                  timed.operations() / 1e9),
              String.format(
                  Locale.ROOT,
                  "median %s of %d, %,.1f tokens/s",
                  time(timed.seconds().median()),
                  timed.seconds().values().size(),
                  timed.tokensPerSecond()),
              timed.share());
    };
  }

  private static String time(double seconds) {
    return seconds < 0.01
        ? String.format(Locale.ROOT, "%,.1f µs", seconds * 1e6)
        : String.format(Locale.ROOT, "%,.1f ms", seconds * 1e3);
  }
}
