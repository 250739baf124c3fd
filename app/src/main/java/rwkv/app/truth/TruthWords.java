package rwkv.app.truth;

/** The truth in sentences. */
final class TruthWords {

  private TruthWords() {}

  static String sentence(Truth truth) {
    return switch (truth) {
      case Truth.NoModel _ -> "No model is open.";
      case Truth.Untested _ ->
          "Nobody has compared this model's numbers with the reference yet. Press to test.";
      case Truth.Testing _ ->
          "Comparing every site of every layer with a scalar reference in double precision.";
      case Truth.Tested(var report) -> report.sentence();
      case Truth.Failed(String sentence) -> "The test could not be carried out: " + sentence;
    };
  }
}
