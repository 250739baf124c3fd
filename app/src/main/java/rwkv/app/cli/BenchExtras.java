package rwkv.app.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rwkv.app.theme.Sizes;
import rwkv.engine.bench.BenchPlan;
import rwkv.engine.bench.BusyCore;
import rwkv.engine.bench.ConstantCost;
import rwkv.engine.bench.TraceCost;
import rwkv.engine.session.Engine;

/** What {@code rwkv bench} measures only when it is asked to. */
final class BenchExtras {

  @Option(
      names = "--constant-cost",
      paramLabel = "TOKENS",
      description = "Also decode a text of so many tokens: speed and memory early and late in it.")
  private @Nullable Integer constantCost;

  @Option(
      names = "--traces",
      description = "Also measure what it costs to copy all states at every token.")
  private boolean traces;

  @Option(
      names = "--busy",
      description = "Also decode while something else keeps one processor busy.")
  private boolean busy;

  /** As JSON has it; null is what was not asked for. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Results(@Nullable List<Point> constantCost, @Nullable Traces traces, @Nullable Busy busy) {

    boolean isEmpty() {
      return constantCost == null && traces == null && busy == null;
    }

    void print(Lines lines) {
      if (constantCost != null) {
        constantCost.forEach(point -> point.print(lines));
      }
      if (traces != null) {
        lines.add(
            "states copied",
            "%.1f tok/s, without %.1f: costs %.1f %% (%s at every token)",
            traces.statesTokensPerSecond,
            traces.offTokensPerSecond,
            100 * traces.cost,
            Sizes.bytes(traces.copiedBytes));
      }
      if (busy != null) {
        lines.add(
            "one processor busy",
            "%.1f tok/s, left alone %.1f: %.0f %% remain",
            busy.busyTokensPerSecond,
            busy.idleTokensPerSecond,
            100 * busy.share);
      }
    }
  }

  /**
   * One place in a long text.
   *
   * @param token how many were decoded until there
   * @param residentBytes of the process there; null where unknown
   */
  record Point(int token, double tokensPerSecond, @Nullable Long residentBytes) {
    static Point of(ConstantCost.Point point) {
      Long resident = point.residentBytes().isPresent() ? point.residentBytes().getAsLong() : null;
      return new Point(point.tokens(), point.tokensPerSecond(), resident);
    }

    void print(Lines lines) {
      lines.add(
          "at token " + token,
          "%.1f tok/s%s",
          tokensPerSecond,
          residentBytes == null ? "" : ", " + Sizes.bytes(residentBytes) + " resident");
    }
  }

  /**
   * @param cost share of the speed lost to copying
   */
  record Traces(
      double offTokensPerSecond, double statesTokensPerSecond, double cost, long copiedBytes) {}

  /**
   * @param share of the speed that remains
   */
  record Busy(double idleTokensPerSecond, double busyTokensPerSecond, double share) {}

  /** Measures what was asked for; null if that is nothing. */
  @Nullable Results run(Engine engine, BenchPlan plan) {
    Results results =
        new Results(
            constantCost == null ? null : constantCost(engine, constantCost),
            traces ? traces(TraceCost.run(engine, plan)) : null,
            busy ? busy(BusyCore.run(engine, plan)) : null);
    return results.isEmpty() ? null : results;
  }

  /** Refuses numbers that make no sense, before anything is measured. */
  void check() {
    if (constantCost != null && constantCost < 1) {
      throw new BadInput("--constant-cost is " + constantCost + ", it must be at least 1");
    }
  }

  private static List<Point> constantCost(Engine engine, int tokens) {
    return ConstantCost.run(engine, tokens).points().stream().map(Point::of).toList();
  }

  private static Traces traces(TraceCost cost) {
    return new Traces(cost.off().median(), cost.states().median(), cost.cost(), cost.copiedBytes());
  }

  private static Busy busy(BusyCore core) {
    return new Busy(core.idle().median(), core.busy().median(), core.share());
  }
}
