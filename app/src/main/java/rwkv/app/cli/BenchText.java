package rwkv.app.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import rwkv.app.theme.Sizes;

/** What {@code rwkv bench} found, for a person. */
final class BenchText {

  private BenchText() {}

  static void print(BenchReport r, PrintStream out) {
    Lines lines = new Lines(out);
    lines.add(
        "model",
        "%s (%s, %d x %d, %s, %s)",
        r.model().file(),
        r.model().version(),
        r.model().layers(),
        r.model().channels(),
        Sizes.count(r.model().parameters()),
        r.model().dtype());
    lines.add("machine", "%s, Java %s", r.machine().processor(), r.machine().java());
    lines.add("device", "%s (%s)", r.device(), r.backend());
    lines.add("load", "%.2f s", r.load().seconds());
    lines.add("first token", "%.2f s from the start of the process", r.firstToken().seconds());
    lines.add(
        "prefill",
        "%.1f tok/s, %d tokens, %d at a time (%s)",
        r.prefill().tokensPerSecond(),
        r.prefill().tokens(),
        r.prefill().chunk(),
        list(r.prefill().repeats(), 1));
    decode(lines, r);
    if (r.channelMixing() != null) {
      lines.add("skipped", "%.0f %% of the value columns", 100 * r.channelMixing().skipped());
    }
    Long resident = r.memory().residentBytes();
    if (resident != null) {
      lines.add(
          "peak resident",
          "%s, weights %s, state %s",
          Sizes.bytes(resident),
          Sizes.bytes(r.model().bytes()),
          Sizes.bytes(r.memory().stateBytes()));
    }
    if (r.measurements() != null) {
      r.measurements().print(lines);
    }
  }

  private static void decode(Lines lines, BenchReport r) {
    BenchReport.Decode decode = r.decode();
    BenchReport.Bandwidth memory = r.bandwidth();
    lines.add(
        "decode",
        "%.1f tok/s, %d tokens (%s)",
        decode.tokensPerSecond(),
        decode.tokens(),
        list(decode.repeats(), 1));
    lines.add("weights per token", "%s", Sizes.bytes(r.weights().bytesPerToken()));
    read(lines, "memory", memory.bytesPerSecond(), memory.regionBytes(), memory.repeats());
    lines.add(
        "dense ceiling",
        "%.1f tok/s from memory; reached %.0f %%",
        decode.ceilingTokensPerSecond(),
        100 * decode.shareOfCeiling());
    BenchReport.Region own = memory.modelSized();
    read(lines, "model-sized memory", own.bytesPerSecond(), own.regionBytes(), own.repeats());
    lines.add(
        "its ceiling",
        "%.1f tok/s; reached %.0f %%",
        decode.modelSizedCeilingTokensPerSecond(),
        100 * decode.shareOfModelSizedCeiling());
    if (r.weights().fitCache()) {
      lines.add(
          "note", "the weights fit this machine's caches: the second ceiling is the real one");
    }
  }

  private static void read(
      Lines lines, String name, double bytesPerSecond, long bytes, List<Double> repeats) {
    lines.add(
        name,
        "%.2f GB/s read from %s (%s)",
        bytesPerSecond * 1e-9,
        Sizes.bytes(bytes),
        list(repeats, 1e-9));
  }

  private static String list(List<Double> values, double unit) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, unit == 1 ? "%.1f" : "%.2f", value * unit))
        .collect(Collectors.joining(" "));
  }
}
