package rwkv.probes;

import java.util.stream.IntStream;

/** Whole numbers that are evenly spread on a logarithmic scale. */
final class LogSteps {

  private LogSteps() {}

  /**
   * From {@code first} to {@code last}, both among them, ascending and each once.
   *
   * @param first at least 1
   * @param perDecade how many until it is ten times as large
   */
  static int[] of(int first, int last, int perDecade) {
    double decades = Math.log10((double) last / first);
    int count = (int) Math.floor(decades * perDecade + 1e-9);
    return IntStream.concat(
            IntStream.rangeClosed(0, count)
                .map(i -> (int) Math.round(first * Math.pow(10, (double) i / perDecade))),
            IntStream.of(last))
        .filter(step -> step <= last)
        .distinct()
        .toArray();
  }
}
