package rwkv.engine.bench;

import java.util.Arrays;
import rwkv.engine.convert.StoredAs;
import rwkv.engine.model.Progress;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.DType;

/**
 * How near a model's predictions stay to its own when its matrices are stored in another type.
 *
 * @param dtype of the matrices
 * @param bytesPerToken of weights that one decoded token reads then
 * @param tokens predictions compared
 * @param divergence the mean over them of KL(p ‖ q) = Σ p ln(p / q) in nats, p being what the model
 *     predicts and q what it predicts with those matrices
 * @param agreement share of them whose likeliest token is the same
 */
public record Quality(
    DType dtype, long bytesPerToken, int tokens, double divergence, double agreement) {

  private static final int CHUNK = 32;

  /**
   * Stores a model's matrices in a type and compares what it predicts after every token of a text.
   *
   * @param engine the model as it is; to compare with f32, its weights must be of a type that f32
   *     holds exactly: f32, f16 or bf16
   * @param backend what the other computes on
   * @param threads what it computes with
   * @param text tokens, at least one
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static Quality of(
      Engine engine, DType dtype, String backend, int threads, int[] text, Progress progress) {
    StoredAs stored = StoredAs.of(engine.checkpoint(), dtype, part -> progress.at(part / 2));
    try (Engine other = Engine.open(stored, backend, threads, engine.options(), Progress.NONE)) {
      Session right = engine.session();
      Session session = other.session();
      Sum sum = new Sum(engine.spec().vocabulary());
      for (int from = 0; from < text.length; from += CHUNK) {
        int[] part = Arrays.copyOfRange(text, from, Math.min(text.length, from + CHUNK));
        sum.add(right.prefillAll(part), session.prefillAll(part));
        progress.at(0.5 + 0.5 * (from + part.length) / text.length);
      }
      return new Quality(
          dtype,
          other.model().weightBytesPerToken(),
          text.length,
          sum.divergence / text.length,
          (double) sum.same / text.length);
    }
  }

  /** A text that the model writes itself, drawn from what it predicts, after token 0. */
  public static int[] ownText(Engine engine, int tokens, long seed) {
    SamplerSettings plain = SamplerSettings.DEFAULT;
    Sampler sampler =
        new Sampler(
            new SamplerSettings(1, 0, 1, 0, 0, 0, plain.penaltyDecay(), plain.banned(), seed));
    Session session = engine.session();
    int[] text = new int[tokens];
    for (int i = 1; i < tokens; i++) {
      text[i] = sampler.next(session.decode(text[i - 1]), i);
    }
    return text;
  }

  /** Over rows of logits. */
  private static final class Sum {
    private final int width;
    private double divergence;
    private int same;

    Sum(int width) {
      this.width = width;
    }

    void add(float[] right, float[] other) {
      for (int row = 0; row < right.length; row += width) {
        divergence += divergence(right, other, row);
        same += likeliest(right, row) == likeliest(other, row) ? 1 : 0;
      }
    }

    private double divergence(float[] right, float[] other, int row) {
      double rightTotal = logarithmOfSum(right, row);
      double otherTotal = logarithmOfSum(other, row);
      double sum = 0;
      for (int i = row; i < row + width; i++) {
        double p = right[i] - rightTotal;
        sum += Math.exp(p) * (p - (other[i] - otherTotal));
      }
      return sum;
    }

    /** ln Σ e^x. */
    private double logarithmOfSum(float[] x, int row) {
      double largest = x[likeliest(x, row)];
      double sum = 0;
      for (int i = row; i < row + width; i++) {
        sum += Math.exp(x[i] - largest);
      }
      return largest + Math.log(sum);
    }

    private int likeliest(float[] x, int row) {
      int best = row;
      for (int i = row; i < row + width; i++) {
        if (x[i] > x[best]) {
          best = i;
        }
      }
      return best;
    }
  }
}
