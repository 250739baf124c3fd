package rwkv.app.decaylab;

import java.util.Arrays;
import rwkv.engine.analysis.StateSize;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Session;
import rwkv.engine.session.StateLayout;

/**
 * What a model makes of a prompt, and how well it predicts a text.
 *
 * @param written tokens that it wrote after the prompt
 * @param loss on the text: mean of −ln p of its tokens from the second on, in nats; NaN without one
 * @param rms of the WKV state of every layer after what was written
 */
public record Side(int[] written, double loss, double[] rms) {

  private static final int CHUNK = 64;

  /**
   * Writes.
   *
   * @param session before its first token
   * @param most tokens to write
   * @param endOfText a token that ends it; −1 for none
   */
  static Side write(
      Session session,
      int[] prompt,
      int most,
      SamplerSettings settings,
      int endOfText,
      Progress progress) {
    Sampler sampler = new Sampler(settings);
    float[] logits = session.prefill(prompt, CHUNK, done -> progress.at(0.2 * done));
    int[] written = new int[most];
    int count = 0;
    while (count < most) {
      int token = sampler.next(logits, session.position());
      if (token == endOfText) {
        break;
      }
      written[count++] = token;
      logits = session.decode(token);
      progress.at(0.2 + 0.8 * count / most);
    }
    return new Side(Arrays.copyOf(written, count), Double.NaN, rms(session));
  }

  /** This with the loss on a text, read from the session's beginning. */
  Side withLoss(Session session, int[] text, Progress progress) {
    int vocabulary = session.model().spec().vocabulary();
    double sum = 0;
    for (int from = 0; from + 1 < text.length; from += CHUNK) {
      int to = Math.min(text.length - 1, from + CHUNK);
      float[] logits = session.prefillAll(Arrays.copyOfRange(text, from, to));
      for (int t = from; t < to; t++) {
        sum += surprise(logits, (t - from) * vocabulary, vocabulary, text[t + 1]);
      }
      progress.at((double) to / text.length);
    }
    return new Side(written, sum / (text.length - 1), rms);
  }

  /** −ln of the probability of a token. */
  private static double surprise(float[] logits, int from, int count, int token) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      most = Math.max(most, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.exp(logits[i] - most);
    }
    return most + Math.log(sum) - logits[from + token];
  }

  private static double[] rms(Session session) {
    ModelSpec spec = session.model().spec();
    StateLayout.Reader reader = new StateLayout.Reader(spec);
    StateLayout layout = reader.layout();
    int skipped = layout.firstMeasuredRow() * layout.columns();
    int measured = layout.panel() - skipped;
    float[] numbers = new float[layout.count()];
    double[] rms = new double[spec.layers()];
    for (int layer = 0; layer < rms.length; layer++) {
      reader.read(session.state(), layer, numbers);
      double squares = 0;
      for (int group = 0; group < layout.groups(); group++) {
        double one = StateSize.rms(numbers, group * layout.panel() + skipped, measured);
        squares += one * one;
      }
      rms[layer] = Math.sqrt(squares / layout.groups());
    }
    return rms;
  }
}
