package rwkv.app.decaylab;

import java.util.Arrays;
import rwkv.engine.analysis.Quantiles;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Session;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.TraceEvent;
import rwkv.engine.trace.TraceRequest;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayScale;

/**
 * What the tokens of a text added to the raw decays of a model whose decays depend on the data: the
 * 5 % and 95 % quantile over tokens, channel by channel. Kept as a difference, it stays with a
 * curve that is edited.
 *
 * @param tokens that were read
 * @param low raw numbers added, [layers, channels]: the lower end
 * @param high likewise: the upper end, which forgets faster
 */
record DataBand(int tokens, double[][] low, double[][] high) {

  private static final int CHUNK = 64;
  private static final int MOST_TOKENS = 512;
  private static final long MOST_NUMBERS = 16_000_000;

  /**
   * Reads a text and measures.
   *
   * @param text at least one token; of a long one the last are read
   * @param decays that the session's model computes with
   */
  static DataBand measure(Session session, int[] text, DecayCurve decays, Progress progress) {
    int layers = decays.shape().layers();
    int channels = decays.shape().channels();
    int most = (int) Math.clamp(MOST_NUMBERS / layers / channels, 16, MOST_TOKENS);
    int[] read = Arrays.copyOfRange(text, Math.max(0, text.length - most), text.length);
    float[][] added = new float[layers * channels][read.length];
    int[] from = {0};
    session.trace(TraceRequest.of(Site.W).to(event -> keep(event, decays, from[0], added)));
    for (; from[0] < read.length; from[0] += CHUNK) {
      int[] chunk = Arrays.copyOfRange(read, from[0], Math.min(read.length, from[0] + CHUNK));
      session.prefill(chunk, CHUNK, Progress.NONE);
      progress.at(0.9 * from[0] / read.length);
    }
    return quantiles(added, read.length, layers, channels);
  }

  private static void keep(TraceEvent event, DecayCurve decays, int from, float[][] added) {
    DecayScale scale = decays.shape().scale();
    int channels = event.channels();
    for (int i = 0; i < channels; i++) {
      double raw = decays.raw(event.layer(), i);
      for (int t = 0; t < event.time(); t++) {
        double now = scale.rawOfFactor(event.values()[t * channels + i]);
        added[event.layer() * channels + i][from + t] = (float) (now - raw);
      }
    }
  }

  private static DataBand quantiles(float[][] added, int tokens, int layers, int channels) {
    double[][] low = new double[layers][channels];
    double[][] high = new double[layers][channels];
    double[] sorted = new double[tokens];
    for (int c = 0; c < added.length; c++) {
      for (int t = 0; t < tokens; t++) {
        sorted[t] = added[c][t];
      }
      Arrays.sort(sorted);
      low[c / channels][c % channels] = Quantiles.ofSorted(sorted, tokens, 0.05);
      high[c / channels][c % channels] = Quantiles.ofSorted(sorted, tokens, 0.95);
    }
    return new DataBand(tokens, low, high);
  }
}
