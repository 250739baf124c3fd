package rwkv.engine.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import rwkv.engine.backend.Backend;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.verify.Report;
import rwkv.engine.verify.SelfTest;
import rwkv.engine.verify.Verdict;

/**
 * Trained models of the repository against the scalar reference on the same weights: every site of
 * every layer, and what must agree within a device.
 */
final class SampleModels {

  /** Small ones of several versions, below the folder of sample models. */
  static final List<String> NAMES =
      List.of(
          "permutations/permutations-v4.pth",
          "permutations/permutations-v7.pth",
          "recall-v7/recall-v7.pth",
          "tales/tales-v5.pth",
          "tales/tales-v6.pth",
          "stories-v7/stories-v7.pth");

  /** The one that reads a long text. */
  static final String SMALL = "recall-v7/recall-v7.pth";

  private static final int TOKENS = 24;

  private SampleModels() {}

  static void run(Backend backend, int threads, ReferenceFiles files, Consumer<Row> rows) {
    for (String name : NAMES) {
      for (Path file : files.present(name)) {
        try (Engine engine =
            Engine.on(
                backend.open(threads),
                Checkpoints.open(file),
                LoadOptions.OFFICIAL,
                Progress.NONE)) {
          Report report = SelfTest.run(engine, TOKENS, Progress.NONE);
          rows.accept(
              Row.judged(
                  "every site of " + name,
                  String.format(Locale.ROOT, "within %.0e of the largest", Report.GREEN_LIMIT),
                  report.sentence(),
                  report.verdict() == Verdict.GREEN));
        }
      }
    }
  }
}
