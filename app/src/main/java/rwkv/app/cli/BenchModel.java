package rwkv.app.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rwkv.engine.bench.ModelShape;
import rwkv.engine.bench.RandomModel;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.tensor.DType;

/** Which model is measured: a file, or random weights. */
final class BenchModel {

  private static final long SEED = 1;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Model file: .pth, .safetensors, .gguf or rwkv.cpp .bin.")
  private @Nullable Path file;

  @Option(
      names = "--random",
      paramLabel = "SHAPE",
      description =
          "Instead of a file random weights in memory, of a published RWKV-7's shape: 0.1B, 0.4B,"
              + " 1.5B, 2.9B, 7.2B or 13.3B, or LAYERSxCHANNELS, as in 12x768.")
  private @Nullable String random;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "What random weights are stored in: f32, f16, bf16, q8_0, q6_k, q5_k, q5_1, q5_0, q4_k,"
              + " q4_1 or q4_0 (default: f16).")
  private @Nullable String dtype;

  @Option(
      names = "--zeros",
      paramLabel = "SHARE",
      description =
          "Share of channel mixing's activations that random weights make exactly zero, from 0 to"
              + " below 1 (default: about half).")
  private @Nullable Double zeros;

  /**
   * A checkpoint.
   *
   * @param drawing what it took to draw weights; none of it is opening
   */
  record Source(Checkpoint checkpoint, Duration drawing) {}

  /** Draws the weights if there are any to draw, and opens the file otherwise. */
  Source source() {
    String shape = random;
    if (shape == null) {
      if (file == null) {
        throw new BadInput("name a MODEL to measure, or a shape with --random");
      }
      if (dtype != null || zeros != null) {
        throw new BadInput(
            (dtype != null ? "--dtype" : "--zeros")
                + " is for random weights; a file's are as they are");
      }
      return new Source(Checkpoints.open(file), Duration.ZERO);
    }
    if (file != null) {
      throw new BadInput("both MODEL " + file + " and --random " + shape + "; name one of them");
    }
    long begin = System.nanoTime();
    DType type = dtype == null ? DType.F16 : WeightTypes.parse(dtype);
    double share = zeros == null ? Double.NaN : zeros;
    Checkpoint drawn =
        BadInput.unless(() -> RandomModel.gguf(ModelShape.parse(shape), type, share, SEED));
    return new Source(drawn, Duration.ofNanos(System.nanoTime() - begin));
  }
}
